"""The objects of scenes before they are placed: `Stamps`, and the interfaces that make them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Int64, Shaped, UInt8, UInt64

from objcentric.interfaces import Split


@dataclass(frozen=True)
class Stamps:
    """Objects, each in the top left corner of a square of its own. Absent objects are 0.

    Attributes:
        ink: intensity or opacity; 255 is 1.0.
        sides: side of the square that has to lie on the canvas, in pixels, at most S.
        boxes: `(x0, y0, x1, y1)` in pixels from the corner of the square.
        labels: class of each object.
        attributes: further properties by name.
    """

    ink: UInt8[np.ndarray, "N M S S"]
    sides: Int64[np.ndarray, "N M"]
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


class StampSource(ABC):
    """Where the objects of scenes come from."""

    @property
    @abstractmethod
    def largest(self) -> int:
        """Side of the largest object's square, in pixels."""

    @abstractmethod
    def maker(self, split: Split) -> StampMaker:
        """Makes the objects of a split.

        Raises:
            DataUnavailable: object images are missing and may not be downloaded.
        """
