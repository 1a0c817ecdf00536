"""Log-odds that change linearly during training (`AnnealedLogOdds`)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.progress import Progress


class AnnealedLogOdds(nn.Module):
    """Log-odds that change linearly from those of one probability to those of another.

    Example, in a prior:

        self.log_odds = AnnealedLogOdds(start=0.9, end=0.01, begin=1.0, finish=8.0)
        ...
        logits = self.log_odds(progress).expand(self.slots)

    Args:
        start: initial probability, in (0, 1).
        end: final probability, in (0, 1).
        begin: epoch in which the log-odds begin to change.
        finish: epoch from which they stay at those of `end`.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    ends: Tensor

    def __init__(self, *, start: float, end: float, begin: float, finish: float) -> None:
        super().__init__()
        if finish < begin:
            raise ValueError(f"annealing finishes (epoch {finish}) before it begins ({begin})")
        self.begin, self.finish = begin, finish
        ends = torch.logit(torch.tensor([start, end], dtype=torch.float64))
        # Not part of the state: they follow from the recipe.
        self.register_buffer("ends", ends.to(torch.get_default_dtype()), persistent=False)

    def forward(self, progress: Progress) -> Float[Tensor, ""]:
        start, end = self.ends.unbind()
        return start.lerp(end, progress.between(self.begin, self.finish).to(start.dtype))
