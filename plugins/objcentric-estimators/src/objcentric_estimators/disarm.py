"""Antithetic pairs of presence codes (`Disarm`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor

from objcentric.blocks.injected_gradient import injected_gradient
from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Disarm(GradientEstimator):
    """DisARM, the score function of antithetic pairs of codes (Dong et al. 2020, arXiv:2006.10680).

    Two codes b and b̃ are drawn from the uniforms 1-u and u. The gradient for each decision is
    ½ (f(b) - f(b̃)) (-1)^b̃ 1[b ≠ b̃] σ(|logit|). Each code alone is a sample of the posterior; the
    two disagree as often as they can. Of the K decisions of an ordered code, those that neither
    code reaches are left out: no cost depends on them. Unbiased; nothing is learnt.

    Args:
        pairs: antithetic pairs drawn per image.
    """

    def __init__(self, *, pairs: PositiveInt = 1) -> None:
        super().__init__()
        self.pairs = pairs

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        logits = posterior.logits
        decisions = antithetic_decisions(logits, self.pairs)  # (2, P, B, K)
        codes = posterior.compose(decisions)
        samples = rearrange(codes, "two p b k -> (two p) b k")
        costs = cost(samples)  # (2P, B)
        cost_pair = rearrange(costs.detach(), "(two p) b -> two p b 1", two=2)
        # b - b̃ is (-1)^b̃ where the two differ, and 0 where they agree.
        weight = (decisions[0] - decisions[1]) * torch.sigmoid(logits.detach().abs())
        reached = posterior.reached(codes).amax(0)
        gradient = reached * weight * (cost_pair[0] - cost_pair[1]) / 2  # (P, B, K)
        score = injected_gradient(logits, gradient.mean(0) / logits.shape[0])
        return sampled_estimate(costs.mean() + score, samples, costs)


def antithetic_decisions(logits: Float[Tensor, "B K"], pairs: int) -> Float[Tensor, "2 pairs B K"]:
    """Decisions from the uniforms 1-u, then from the uniforms u, all made as if reached."""
    uniform = torch.rand(pairs, *logits.shape, dtype=logits.dtype, device=logits.device)
    return (torch.stack([1 - uniform, uniform]) < torch.sigmoid(logits)).to(logits.dtype)
