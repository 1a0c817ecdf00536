"""The cost itself, where presence is certain (`Direct`)."""

from einops import rearrange

from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Direct(GradientEstimator):
    """The cost itself, for models whose slots are all present: E_q[f] = f(1…1).

    There is nothing to estimate. The gradient reaches whatever drew the layers. Presence gets
    none, since nothing is decided about it.
    """

    needs = frozenset({"certain presence"})

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = rearrange(posterior.mode, "b k -> 1 b k")
        costs = cost(codes)  # (1, B)
        return sampled_estimate(costs.mean(), codes, costs)
