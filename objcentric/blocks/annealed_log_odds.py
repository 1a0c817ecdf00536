"""Log-odds that move as training goes on."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.progress import Progress


class AnnealedLogOdds(nn.Module):
    """Log-odds that move linearly from those of one probability to those of another.

    Args:
        start: probability at first, in (0, 1).
        end: probability at last, in (0, 1).
        begin: epoch in which it begins to move.
        finish: epoch from which it has arrived.

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
