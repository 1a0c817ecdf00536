"""What a recipe wants to reach."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """A mark for one metric.

    Attributes:
        metric: its key.
        threshold: the mark.
        direction: whether a figure has to be `at_least` or `at_most` that.
    """

    metric: str
    threshold: float
    direction: Literal["at_least", "at_most"] = "at_least"

    def reached_by(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        if self.direction == "at_least":
            return figure >= self.threshold
        return figure <= self.threshold
