"""The exact expectation over presence (`Enumerate`)."""

from typing import Annotated

from pydantic import Field, NonNegativeFloat

from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Enumerate(GradientEstimator):
    """Exact expectation over all presence codes: E_q[f] = Σ q(code) f(code).

    Ordered presence has only K+1 codes, and their layers are drawn already, so the sum costs K+1
    canvases, each of which adds one layer to the one before. Presence then adds no variance, which
    makes this the reference for every other estimator.

    A slot that is never present gets no gradient. Where q(code) is nearly 0, nothing teaches the
    steps that only this code uses, and the model may stay like that. With a floor, the expectation
    is over (1 - ε) q + ε / (K+1) instead, where ε falls linearly from `floor` to 0. Until then the
    gradient is exact for that mixture, but not for q.

    Args:
        floor: initial ε, in [0, 1); 0 for the exact expectation throughout.
        floor_until: epoch from which ε is 0.
    """

    needs = frozenset({"ordered presence"})

    def __init__(
        self,
        *,
        floor: Annotated[float, Field(ge=0, lt=1)] = 0.0,
        floor_until: NonNegativeFloat = 3.0,
    ) -> None:
        super().__init__()
        self.floor = floor
        self.floor_until = floor_until
        self.biased = floor > 0

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.enumerate_support()  # (K+1, B, K)
        costs = cost.of_support(posterior)  # (K+1, B)
        probs = posterior.log_prob(codes).exp()
        share = self.floor * (1 - context.progress.between(0.0, self.floor_until))
        weights = (1 - share) * probs + share / len(codes)
        return Estimate(
            loss=(weights * costs).sum(0).mean(),
            codes=codes,
            costs=costs.detach(),
            weights=weights.detach(),
        )
