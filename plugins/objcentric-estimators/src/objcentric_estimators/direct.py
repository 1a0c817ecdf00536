"""The cost itself, where presence is certain (`Direct`)."""

from einops import rearrange

from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Direct(GradientEstimator):
    """E_q[f] = f(1…1): where every slot is present there is nothing to estimate.

    The gradient reaches what drew the layers, and no presence: none was decided.
    """

    needs = frozenset({"certain presence"})

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = rearrange(posterior.mode, "b k -> 1 b k")
        costs = cost(codes)  # (1, B)
        return sampled_estimate(costs.mean(), codes, costs)
