"""z-scores: the error of a mean in standard errors."""

from jaxtyping import Float
from torch import Tensor

Z_LIMIT = 4.5
"""A standard normal exceeds it once in 150,000. Seeds are fixed, so results do not change."""


def z_scores(
    draws: Float[Tensor, "N *shape"], exact: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """z-scores of the mean of N independent draws.

    The standard error is at least 1e-6 of the largest value, which allows for rounding.
    """
    rounding = 1e-6 * (1 + exact.abs().max())
    error = (draws.std(0) / len(draws) ** 0.5).clamp(min=rounding)
    return (draws.mean(0) - exact) / error


def coin_scores(
    happened: Float[Tensor, "N *shape"], probs: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """z-scores of the frequencies of events with known probabilities in N draws.

    An event that is expected less than once is scored as if it were expected once.
    """
    n = len(happened)
    error = (probs * (1 - probs) / n).sqrt().clamp(min=1 / n)
    return (happened.mean(0) - probs) / error
