"""Temperatures that fall as training goes on."""

from dataclasses import dataclass

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

    def at(self, progress: Progress) -> float:
        """The value at a moment of training."""
        return self.start * (self.end / self.start) ** progress.between(self.begin, self.finish)
