"""The straight-through estimator (`StraightThrough`)."""

import torch
from pydantic import PositiveInt

from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class StraightThrough(GradientEstimator):
    """Straight-through estimator: ∇f at sampled codes, each decision differentiated as if it were
    its probability (Bengio et al. 2013, arXiv:1308.3432).

    Biased, unless the cost is linear in the code. Where the cost is curved, its slope at 0 or at 1
    is not the difference between f at 1 and f at 0.

    Args:
        samples: presence codes drawn per image.
    """

    biased = True

    def __init__(self, *, samples: PositiveInt = 1) -> None:
        super().__init__()
        self.samples = samples

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        probs = torch.sigmoid(posterior.logits)
        hard = (posterior.noisy_logits((self.samples,)) > 0).to(probs.dtype)  # (S, B, K)
        codes = posterior.compose(hard + (probs - probs.detach()))
        costs = cost(codes)  # (S, B)
        return sampled_estimate(costs.mean(), codes, costs)
