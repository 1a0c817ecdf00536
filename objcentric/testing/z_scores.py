"""By how many standard errors a mean is off."""

from jaxtyping import Float
from torch import Tensor

Z_LIMIT = 4.5
"""A standard normal is beyond it once in 150,000; seeds are fixed, so what passes stays so."""


def z_scores(
    draws: Float[Tensor, "N *shape"], exact: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """Standard scores of the mean of N independent draws.

    Where there is no chance, rounding counts as an error of 1e-6 of the largest value.
    """
    rounding = 1e-6 * (1 + exact.abs().max())
    error = (draws.std(0) / len(draws) ** 0.5).clamp(min=rounding)
    return (draws.mean(0) - exact) / error


def coin_scores(
    happened: Float[Tensor, "N *shape"], probs: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """Standard scores of how often events of known probabilities happened in N draws.

    An event that is expected less than once is scored as if it were expected once.
    """
    n = len(happened)
    error = (probs * (1 - probs) / n).sqrt().clamp(min=1 / n)
    return (happened.mean(0) - probs) / error
