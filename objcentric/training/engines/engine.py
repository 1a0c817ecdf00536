"""What runs a training step (`Engine`)."""

from abc import ABC, abstractmethod

import torch
from jaxtyping import Int
from torch import Tensor
from torch.optim import Optimizer

from objcentric.interfaces import SceneModel
from objcentric.training.epoch_tally import EpochTally


class Engine(ABC):
    """Turns batches of scenes into updated weights and running figures.

    The trainer decides what is learned from and when to look; an engine decides how a step is
    executed: eagerly, captured as a graph, for several seeds at once.

    Attributes:
        model: what is trained, on `device`.
        optimizer: over its parameters.
        device: where everything happens.
        tally: the running figures of the epoch. Reading it may wait for the device.
    """

    model: SceneModel
    optimizer: Optimizer
    device: torch.device
    tally: EpochTally

    @abstractmethod
    def begin_epoch(self, epoch: int, order: Int[Tensor, "steps batch"]) -> None:
        """Takes an epoch's batches: which scenes each step learns from."""

    @abstractmethod
    def step(self, number: int, images: int) -> None:
        """Trains on one batch of the epoch.

        Args:
            number: of the step in its epoch, from 0.
            images: seen in training so far.
        """
