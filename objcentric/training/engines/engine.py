"""The base class of engines, which run training steps (`Engine`)."""

from abc import ABC, abstractmethod

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.optim import Optimizer

from objcentric.interfaces import SceneModel
from objcentric.training.epoch_tally import EpochTally


class Engine(ABC):
    """Turns batches of scenes into updated weights and running figures.

    The trainer chooses the batches and reads the figures. An engine decides how a step is executed:
    eagerly, captured as a graph, or for several seeds at once.

    Attributes:
        model: the model in training, on `device`.
        optimizer: the optimiser of the model's parameters.
        device: the device of model, data and figures.
        tally: the running figures of the epoch. Reading it may wait for the device.
        look_every: steps between two reads of the figures; None for one read per epoch.
    """

    look_every: int | None = 20

    model: SceneModel
    optimizer: Optimizer
    device: torch.device
    tally: EpochTally

    @property
    @abstractmethod
    def plain(self) -> "Engine":
        """The same training, one operation at a time, as whoever watches components needs it."""

    @abstractmethod
    def begin_epoch(self, epoch: int, order: Int[Tensor, "steps batch"]) -> None:
        """Starts an epoch with its batches: the indices of each step's scenes."""

    @abstractmethod
    def batch(
        self, number: int
    ) -> tuple[Int[Tensor, " batch"], Float[Tensor, "batch channels height width"]]:
        """The batch of a step: the numbers of its scenes, and their images in [0, 1]."""

    @abstractmethod
    def step(self, number: int, images: int) -> None:
        """Trains on one batch of the epoch.

        Args:
            number: number of the step in its epoch, from 0.
            images: images seen in training so far.
        """
