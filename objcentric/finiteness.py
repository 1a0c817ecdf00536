"""Names of the weights and figures that are not finite after training has diverged."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn


def astray_weights(model: nn.Module) -> list[str]:
    """Names of trained parameters that hold a NaN or an infinity; waits for the device."""
    return [
        name
        for name, parameter in model.named_parameters()
        if parameter.requires_grad and not parameter.isfinite().all()
    ]


def astray_figures(figures: Mapping[str, Any]) -> list[str]:
    """Names of figures that are, or contain, NaN or infinity; nested ones as dotted paths."""
    found = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            found += [f"{name}.{inner}" for inner in astray_figures(value)]
        elif not _finite(value):
            found.append(name)
    return found


def named(names: Sequence[str], most: int = 5) -> str:
    """Names for a message: the first `most` of them, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _finite(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_finite(item) for item in value)
    return not isinstance(value, float) or math.isfinite(value)
