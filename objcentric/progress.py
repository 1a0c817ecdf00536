"""How far training has come: what schedules and annealed priors depend on."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far training has come.

    Attributes:
        epoch: epochs done, fractional within an epoch.
        epochs: epochs planned in all.
        images: images seen.
    """

    epoch: float
    epochs: float
    images: int

    @classmethod
    def finished(cls) -> "Progress":
        """Past the end of every schedule: what evaluations assume, so that figures compare."""
        return cls(epoch=math.inf, epochs=math.inf, images=0)

    def between(self, start: float, end: float) -> float:
        """0 up to epoch `start`, 1 from epoch `end`, linear in between.

        Raises:
            ValueError: `end` lies before `start`.
        """
        if end < start:
            raise ValueError(f"the end of a ramp, {end}, lies before its start, {start}")
        if end == start:
            return float(self.epoch >= end)
        return min(max((self.epoch - start) / (end - start), 0.0), 1.0)
