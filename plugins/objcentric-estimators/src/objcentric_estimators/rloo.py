"""The score function with a leave-one-out baseline (`Rloo`)."""

from typing import Annotated

from pydantic import Field

from objcentric.blocks.score_function import learning_signal, sampled_estimate, score_term
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Rloo(GradientEstimator):
    """REINFORCE leave-one-out: 1/S Σ_s (f_s - mean of the other samples' f) ∇log q(s) (Kool et al.
    2019, "Buy 4 REINFORCE samples, get a baseline for free!").

    The baseline of each sample is the mean cost of the other samples of the same image. Nothing is
    learnt, and the gradient is unbiased.

    Args:
        samples: presence codes drawn per image, at least 2.
    """

    def __init__(self, *, samples: Annotated[int, Field(ge=2)] = 4) -> None:
        super().__init__()
        self.samples = samples

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((self.samples,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        signal = learning_signal(costs, None, context)  # (S, B, 1)
        others = (signal.sum(0) - signal) / (self.samples - 1)
        loss = (costs + score_term(posterior, codes, signal - others)).mean()
        return sampled_estimate(loss, codes, costs)
