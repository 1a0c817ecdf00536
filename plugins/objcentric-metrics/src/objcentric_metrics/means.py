"""Means over all batches, as a sum and its number of terms (`mean_measure`, `mean_figure`)."""

from collections.abc import Mapping

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def mean_measure(
    values: Float[Tensor, " n"], defined: Bool[Tensor, " n"] | None = None
) -> dict[str, Tensor]:
    """The sum of a batch's values, in double precision, and how many there are.

    Args:
        values: one per image.
        defined: which of them count; all by default.
    """
    if defined is None:
        defined = torch.ones_like(values, dtype=torch.bool)
    values = torch.where(defined, values.double(), 0.0)
    return {"sum": values.sum(), "number": defined.sum()}


def mean_figure(total: Mapping[str, Tensor]) -> float | None:
    """The mean of all values; None where none is defined."""
    number = int(total["number"])
    return total["sum"].item() / number if number else None
