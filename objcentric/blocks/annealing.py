"""Values, such as temperatures, that change exponentially during training (`Annealing`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.progress import Progress


@dataclass(frozen=True)
class Annealing:
    """A value that changes by the same factor every epoch.

    Example: `Annealing(start=1.0, end=0.3, begin=0.0, finish=20.0).at(progress)`.

    Attributes:
        start: initial value, positive.
        end: final value, positive.
        begin: epoch in which the value begins to change.
        finish: epoch from which it stays at `end`.

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
