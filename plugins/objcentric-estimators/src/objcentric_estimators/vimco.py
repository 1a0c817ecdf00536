"""A multi-sample bound with leave-one-out signals (`Vimco`)."""

import math
from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.blocks.score_function import score_term
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Vimco(GradientEstimator):
    """VIMCO, a multi-sample bound with leave-one-out signals (Mnih & Rezende 2016,
    arXiv:1602.06725).

    loss = -E[log 1/S Σ_s w_s], w_s = exp(-f_s) p(code_s) / q(code_s), which falls to
    -log Σ_code p(code) exp(-f(code)) as S grows. The signal of a sample is the difference between
    two bounds: in the second, the sample's own weight is replaced by the geometric mean of the
    others'.

    The presence prior is part of the bound, with weight 1 whatever the objective's beta, so the
    model adds no presence KL. Terms that need no estimator are averaged with the normalised
    importance weights.

    Args:
        particles: presence codes drawn per image, at least 2.
    """

    bounds_presence = True

    def __init__(self, *, particles: Annotated[int, Field(ge=2)] = 5) -> None:
        super().__init__()
        self.particles = particles

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((self.particles,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        log_weights = context.prior.log_prob(codes) - posterior.log_prob(codes) - costs
        bound = torch.logsumexp(log_weights, 0) - math.log(self.particles)  # (B,)
        signal = (bound - leave_one_out_bounds(log_weights)).detach()  # (S, B)
        score = score_term(posterior, codes, rearrange(-signal, "s b -> s b 1")).sum(0)
        weights = log_weights.detach().softmax(0)
        return Estimate(
            loss=(score - bound).mean(),
            codes=codes,
            costs=costs.detach(),
            weights=weights,
            diagnostics={"effective_particles": weights.square().sum(0).reciprocal().mean()},
        )


def leave_one_out_bounds(log_weights: Float[Tensor, "S B"]) -> Float[Tensor, "S B"]:
    """For each sample, log 1/S Σ w with its own weight replaced by the others' geometric mean."""
    samples = log_weights.shape[0]
    others = (log_weights.sum(0) - log_weights) / (samples - 1)  # (S, B)
    own = torch.eye(samples, dtype=torch.bool, device=log_weights.device)
    replaced = torch.where(
        rearrange(own, "left s -> left s 1"),
        rearrange(others, "left b -> left 1 b"),
        rearrange(log_weights, "s b -> 1 s b"),
    )
    return torch.logsumexp(replaced, 1) - math.log(samples)
