"""The objects of scenes before they are placed: `Stamps`, and the interfaces that make them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Bool, Int64, Shaped, UInt8, UInt64

from objcentric.interfaces import Split
from objcentric_scenes.endless.tensors import TensorStampMaker


@dataclass(frozen=True)
class Stamps:
    """Objects, each in the top left corner of a rectangle that has to lie on the canvas.

    Absent objects are 0 (labels: -1).

    Attributes:
        ink: intensity or opacity; 255 is 1.0.
        sizes: width and height of the rectangle, in pixels, at most S.
        boxes: `(x0, y0, x1, y1)` in pixels from the corner of the rectangle.
        labels: class of each object.
        attributes: further properties by name.
    """

    ink: UInt8[np.ndarray, "N M S S"]
    sizes: Int64[np.ndarray, "N M 2"]
    boxes: Int64[np.ndarray, "N M 4"]
    labels: Int64[np.ndarray, "N M"]
    attributes: Mapping[str, Shaped[np.ndarray, "N M ..."]] = field(default_factory=dict)


class StampMaker(ABC):
    """Makes the objects of one split."""

    @property
    @abstractmethod
    def columns(self) -> int:
        """How many random numbers an object takes."""

    @property
    @abstractmethod
    def identity(self) -> str:
        """Text that changes with every option and every pixel that objects are made from."""

    @abstractmethod
    def stamps(
        self, bits: UInt64[np.ndarray, "N M columns"], present: Bool[np.ndarray, "N M"]
    ) -> Stamps:
        """Makes objects where `present` says so, each from its own random bits."""

    @abstractmethod
    def on(self, device: torch.device) -> TensorStampMaker:
        """What makes the same objects from the same bits on a device."""


class StampSource(ABC):
    """Where the objects of scenes come from."""

    @property
    @abstractmethod
    def largest(self) -> int:
        """Largest width or height of an object, in pixels."""

    @abstractmethod
    def maker(self, split: Split) -> StampMaker:
        """Makes the objects of a split.

        Raises:
            DataUnavailable: object images are missing and may not be downloaded.
        """


def tight_boxes(ink: UInt8[np.ndarray, "N M S S"]) -> Int64[np.ndarray, "N M 4"]:
    """`(x0, y0, x1, y1)` of the smallest box around all ink; 0 where there is none."""
    lines = [np.asarray((ink > 0).any(axis=axis)) for axis in (2, 3)]  # columns, then rows
    first = [line.argmax(axis=-1) for line in lines]
    last = [line.shape[-1] - line[..., ::-1].argmax(axis=-1) for line in lines]
    boxes = rearrange(np.array([*first, *last]), "four n m -> n m four")
    return np.where(rearrange(lines[0].any(axis=-1), "n m -> n m 1"), boxes, 0)
