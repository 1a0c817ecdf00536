"""The training scenes of the current epoch, on the device of the training (`EpochScenes`)."""

from collections.abc import Sequence

import torch
from jaxtyping import Int
from torch import Tensor

from objcentric.across_ranks import world_size
from objcentric.interfaces import Metric, Scenes, TruthName

PIECE = 4096
"""Scenes written at once, which bounds memory."""


class EpochScenes:
    """Images of the training scenes, and the ground truth that is used during training.

    A data set is the same in all epochs. Endless scenes are made anew in each of them, in place: a
    captured step reads them where it read those before.

    Args:
        scenes: the training scenes.
        metrics: metrics that are computed on training batches.
        device: where to keep them.
    """

    def __init__(self, scenes: Scenes, metrics: Sequence[Metric], device: torch.device) -> None:
        self._stream = scenes.stream
        self._epoch = 0
        used = {name for metric in metrics for name in metric.truth} & scenes.known
        self._names: list[TruthName] = sorted(used - {"attributes"})
        changes = self._stream is not None  # and must not change for others
        self.images = scenes.images.to(device, copy=changes)
        self.truth: dict[str, Tensor] = {
            name: getattr(scenes, name).to(device, copy=changes) for name in self._names
        }

    def begin(self, epoch: int, order: Int[Tensor, "steps batch"]) -> None:
        """Makes the scenes of an epoch, unless they are there.

        Args:
            epoch: number of the epoch, from 0.
            order: the scenes of each step. One of several ranks makes those of its own steps alone.
        """
        if self._stream is None or epoch == self._epoch:
            return
        n = len(self.images)
        needed = torch.arange(n) if world_size() == 1 else order.unique()
        for piece in needed.to(self.images.device).split(PIECE):
            images, truth = self._stream.at(epoch * n + piece, self._names)
            self.images[piece] = images
            for name, values in self.truth.items():
                values[piece] = getattr(truth, name)
        self._epoch = epoch
