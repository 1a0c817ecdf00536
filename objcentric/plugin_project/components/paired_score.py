"""A score-function estimator of two codes per image (`PairedScore`)."""

import torch

from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class PairedScore(GradientEstimator):
    """REINFORCE with two codes per image, each of which is the other's baseline:
    ∇E_q[f] = E_q[∇f + ½ Σ_s (f_s - f_other) ∇log q(s)].
    """

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((2,))  # (2, B, K)
        costs = cost(codes)  # (2, B)
        known = costs.detach()
        score = (known - known.flip(0)) * posterior.log_prob(codes)
        loss = (costs + score).mean()
        return Estimate(loss, codes, known, torch.full_like(known, 0.5))
