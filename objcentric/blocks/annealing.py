"""Temperatures that fall as training goes on."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.progress import Progress


@dataclass(frozen=True)
class Annealing:
    """Moves geometrically, by the same factor every epoch.

    Attributes:
        start: value at first, positive.
        end: value at last, positive.
        begin: epoch in which it begins to move.
        finish: epoch from which it has arrived.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    start: float
    end: float
    begin: float
    finish: float

    def __post_init__(self) -> None:
        if self.finish < self.begin:
            raise ValueError(
                f"annealing finishes (epoch {self.finish}) before it begins ({self.begin})"
            )

    def at(self, progress: Progress) -> Float[Tensor, ""]:
        """The value at a moment of training."""
        ratio = self.end / self.start
        return self.start * torch.pow(ratio, progress.between(self.begin, self.finish))
