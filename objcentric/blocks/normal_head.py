"""A normal distribution from a network's outputs (`normal`)."""

from jaxtyping import Float
from torch import Tensor

from objcentric.normal import Normal

LOG_VAR_LIMIT = 20.0
"""Far outside the values of training. It keeps a slot that is never reached from overflowing."""


def normal(mean: Float[Tensor, "*shape D"], log_var: Float[Tensor, "*shape D"]) -> Normal:
    """Normal(mean, exp(log_var / 2)), finite for every finite input.

    Example: `normal(*network(features).chunk(2, dim=-1))`.
    """
    log_var = log_var.clamp(-LOG_VAR_LIMIT, LOG_VAR_LIMIT)
    return Normal(mean, (log_var / 2).exp(), validate_args=False)
