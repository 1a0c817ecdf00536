"""How far a run has come, in scalars."""

from dataclasses import dataclass


@dataclass
class TrainingState:
    """How far a run has come.

    Attributes:
        epoch: epochs done.
        step: steps done in the epoch that runs.
        steps: steps done in all.
        images: images seen in all.
        seconds: spent on training steps in whole epochs, evaluation and checkpoints left out.
        epoch_seconds: likewise, in the epoch that runs.
        epoch_images: images seen in the epoch that runs.
    """

    epoch: int = 0
    step: int = 0
    steps: int = 0
    images: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    epoch_images: int = 0

    @property
    def train_seconds(self) -> float:
        """Spent on training steps in all."""
        return self.seconds + self.epoch_seconds

    def count_step(self, images: int) -> None:
        """Counts a step on a batch of images."""
        self.step += 1
        self.steps += 1
        self.images += images
        self.epoch_images += images

    def close_epoch(self) -> None:
        """Counts an epoch."""
        self.epoch += 1
        self.seconds += self.epoch_seconds
        self.step, self.epoch_images, self.epoch_seconds = 0, 0, 0.0
