"""The score function with a centred and normalised signal (`Nvil`)."""

from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor

from objcentric.across_ranks import sum_across_ranks
from objcentric.blocks.score_function import (
    learning_signal,
    sampled_estimate,
    score_term,
    squared_signal,
)
from objcentric.interfaces import Baseline, Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence
from objcentric_air.recurrent_baseline import RecurrentBaseline


class Nvil(GradientEstimator):
    """NVIL, REINFORCE with a centred and normalised signal: (f - b(x) - c) / max(1, σ) · ∇log q
    (Mnih & Gregor 2014, arXiv:1402.0030, algorithm 1).

    The learnt baseline b and the running mean c of the signal are subtracted. If the running
    standard deviation σ is above 1 nat, the signal is divided by it. Both c and σ come from
    earlier batches, so they do not depend on the codes of this one, and centring leaves the
    gradient unbiased.

    Dividing by σ changes the step size of all that presence learns. In the paper the signal
    includes the presence KL. Here the model has that KL in closed form, and scales it by the same
    factor (`presence_step`). Where presence shares a network with where, as in AIR, that network
    needs a higher learning rate (`model.scheduler.lr`).

    Args:
        baseline: the input-dependent baseline; null for the running mean alone.
        samples: presence codes drawn per image.
        decay: weight of the old value when the running mean and variance are updated, in [0, 1).
        normalize: whether the signal is divided by max(1, σ).
    """

    default_components: ClassVar = {"baseline": RecurrentBaseline}

    signal_mean: Tensor
    signal_variance: Tensor

    def __init__(
        self,
        *,
        baseline: Baseline | None,
        samples: PositiveInt = 1,
        decay: Annotated[float, Field(ge=0, lt=1)] = 0.8,
        normalize: bool = True,
    ) -> None:
        super().__init__()
        self.baseline = baseline
        self.samples = samples
        self.decay = decay
        self.normalize = normalize
        self.register_buffer("signal_mean", torch.zeros(()))
        self.register_buffer("signal_variance", torch.zeros(()))

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        codes = posterior.sample((self.samples,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        signal = learning_signal(costs, self.baseline, context)  # (S, B, K)
        centred = signal - self.signal_mean.to(signal.dtype, copy=True)
        spread = self.signal_variance.sqrt()
        step = 1 / spread.clamp(min=1) if self.normalize else 1.0
        loss = (costs + score_term(posterior, codes, step * centred)).mean()
        if self.training:
            self._remember(signal.detach(), posterior.reached(codes))
        diagnostics = {"signal_std": spread}
        if self.baseline is not None:
            error = squared_signal(posterior, codes, centred)
            loss = loss + step * error  # the baseline learns at the same step size
            diagnostics["baseline_error"] = error.detach()
        return sampled_estimate(loss, codes, costs, diagnostics, step)

    @torch.no_grad()
    def _remember(
        self, signal: Float[Tensor, "S B decisions"], reached: Float[Tensor, "S B K"]
    ) -> None:
        """Moves the running mean and variance towards those of a batch's reached decisions.

        The batch is that of all ranks.
        """
        sums = torch.stack([(reached * signal).sum(), reached.sum()])
        total, number = sum_across_ranks(sums).unbind()
        mean = total / number
        variance = sum_across_ranks((reached * (signal - mean).square()).sum()) / number
        dtype = self.signal_mean.dtype
        self.signal_mean.lerp_(mean.to(dtype), 1 - self.decay)
        self.signal_variance.lerp_(variance.to(dtype), 1 - self.decay)
