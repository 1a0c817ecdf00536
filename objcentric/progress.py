"""Progress of training, on which schedules and annealed priors depend (`Progress`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Progress:
    """How far training has come.

    All attributes are 0-dim tensors, because a captured training step reads tensors anew at every
    replay. A Python number would keep its value from the capture.

    Attributes:
        epoch: epochs done, with a fraction for the current epoch.
        epochs: epochs planned in total.
        images: images seen so far.
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
        # float64, because float32 cannot count to 1e8 images; schedules come out in float32.
        return cls(
            *(
                torch.tensor(value, dtype=torch.float64, device=device)
                for value in (epoch, epochs, images)
            )
        )

    @classmethod
    def finished(cls, device: torch.device | str = "cpu") -> "Progress":
        """Past the end of every schedule; evaluations use it, so that figures are comparable."""
        return cls.at(torch.inf, device=device)

    def between(self, start: float, end: float) -> Float[Tensor, ""]:
        """A linear ramp: 0 until epoch `start`, 1 from epoch `end` on; in float32.

        Raises:
            ValueError: `end` lies before `start`.
        """
        if end < start:
            raise ValueError(f"the end of a ramp, {end}, lies before its start, {start}")
        if end == start:
            return (self.epoch >= end).to(torch.float32)
        return ((self.epoch - start) / (end - start)).clamp(0, 1).to(torch.float32)
