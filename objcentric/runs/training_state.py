"""Counters of a run: epochs, steps, images and seconds (`TrainingState`)."""

from dataclasses import dataclass


@dataclass
class TrainingState:
    """Counters of a run.

    Attributes:
        epoch: epochs done.
        step: steps done in the current epoch.
        steps: steps done in total.
        images: images seen in total.
        seconds: time spent on training steps in completed epochs, without evaluation and
            checkpoints.
        epoch_seconds: time spent on training steps in the current epoch, likewise.
        epoch_images: images seen in the current epoch.
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
        """Total time spent on training steps, in seconds."""
        return self.seconds + self.epoch_seconds

    def count_step(self, images: int) -> None:
        """Counts a step on a batch of `images` images."""
        self.step += 1
        self.steps += 1
        self.images += images
        self.epoch_images += images

    def close_epoch(self) -> None:
        """Counts the current epoch as done."""
        self.epoch += 1
        self.seconds += self.epoch_seconds
        self.step, self.epoch_images, self.epoch_seconds = 0, 0, 0.0
