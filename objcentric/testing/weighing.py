"""A scalar loss from all outputs, and its gradients."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def weighed(outputs: Mapping[str, Tensor]) -> Tensor:
    """A weighted sum of all outputs, in which the values of an output have different weights."""
    sums = [
        (value * torch.linspace(0.5, 1.5, value.numel()).to(value).view_as(value)).sum()
        for value in outputs.values()
    ]
    return torch.stack(
        [part.to(torch.promote_types(part.dtype, torch.float32)) for part in sums]
    ).sum()


def gradients_of(
    outputs: Mapping[str, Tensor], sources: Sequence[Tensor]
) -> tuple[Tensor | None, ...]:
    """The gradients of a weighted sum of all outputs; None for a source that has none."""
    attached = {name: value for name, value in outputs.items() if value.requires_grad}
    if not attached or not sources:
        return (None,) * len(sources)
    return torch.autograd.grad(weighed(attached), list(sources), allow_unused=True)
