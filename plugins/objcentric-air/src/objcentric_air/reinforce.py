"""The score-function estimator with a learnt baseline (`Reinforce`)."""

from typing import ClassVar

from pydantic import PositiveInt

from objcentric.blocks.score_function import (
    learning_signal,
    sampled_estimate,
    score_term,
    squared_signal,
)
from objcentric.interfaces import Baseline, Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence
from objcentric_air.recurrent_baseline import RecurrentBaseline


class Reinforce(GradientEstimator):
    """REINFORCE with a learnt baseline: ∇E_q[f] = E_q[∇f + (f - b) ∇log q] (Williams 1992; Mnih &
    Gregor 2014, arXiv:1402.0030).

    Each decision has its own baseline b, which is trained to predict the cost by squared error.

    Args:
        baseline: predicts the cost; null for no baseline.
        samples: presence codes drawn per image.
    """

    default_components: ClassVar = {"baseline": RecurrentBaseline}

    def __init__(
        self,
        *,
        baseline: Baseline | None,
        samples: PositiveInt = 1,
    ) -> None:
        super().__init__()
        self.baseline = baseline
        self.samples = samples

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((self.samples,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        signal = learning_signal(costs, self.baseline, context)
        loss = (costs + score_term(posterior, codes, signal)).mean()
        if self.baseline is None:
            return sampled_estimate(loss, codes, costs)
        error = squared_signal(posterior, codes, signal)
        diagnostics = {"baseline_error": error.detach()}
        return sampled_estimate(loss + error, codes, costs, diagnostics)
