"""The exact expectation over presence."""

from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Enumerate(GradientEstimator):
    """E_q[f] = Σ q(code) f(code), over every presence code there is.

    Ordered presence has only K+1 codes, and the layers are drawn already, so the sum costs K+1
    canvases: no variance from presence at all, and the reference for every other estimator.
    """

    needs = frozenset({"ordered presence"})

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.enumerate_support()  # (K+1, B, K)
        costs = cost(codes)  # (K+1, B)
        probs = posterior.log_prob(codes).exp()
        return Estimate(
            loss=(probs * costs).sum(0).mean(),
            codes=codes,
            costs=costs.detach(),
            weights=probs.detach(),
        )
