"""How far training has come: what schedules and annealed priors depend on."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Progress:
    """How far training has come.

    All of it is 0-dim tensors: a training step that is captured once and replayed reads them anew,
    where a Python number would stay what it was at capture.

    Attributes:
        epoch: epochs done, fractional within an epoch.
        epochs: epochs planned in all.
        images: images seen.
    """

    epoch: Float[Tensor, ""]
    epochs: Float[Tensor, ""]
    images: Float[Tensor, ""]

    @classmethod
    def at(
        cls,
        epoch: float,
        *,
        epochs: float = torch.inf,
        images: float = 0.0,
        device: torch.device | str = "cpu",
    ) -> "Progress":
        """A moment of training, on a device."""
        # float64, because 1e8 images are no float32; schedules come out in float32.
        return cls(
            *(
                torch.tensor(value, dtype=torch.float64, device=device)
                for value in (epoch, epochs, images)
            )
        )

    @classmethod
    def finished(cls, device: torch.device | str = "cpu") -> "Progress":
        """Past the end of every schedule: what evaluations assume, so that figures compare."""
        return cls.at(torch.inf, device=device)

    def between(self, start: float, end: float) -> Float[Tensor, ""]:
        """0 up to epoch `start`, 1 from epoch `end`, linear in between; in float32.

        Raises:
            ValueError: `end` lies before `start`.
        """
        if end < start:
            raise ValueError(f"the end of a ramp, {end}, lies before its start, {start}")
        if end == start:
            return (self.epoch >= end).to(torch.float32)
        return ((self.epoch - start) / (end - start)).clamp(0, 1).to(torch.float32)
