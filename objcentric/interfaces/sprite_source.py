"""The interface of sprite sources: object images of which scenes are made."""

from abc import abstractmethod
from dataclasses import dataclass

from jaxtyping import Int, UInt8
from torch import Tensor

from objcentric.component import Component
from objcentric.interfaces.scene_source import Split


@dataclass(frozen=True)
class Sprites:
    """Images of single objects on black.

    Attributes:
        images: intensities, 255 is 1.0.
        labels: class of each object.
    """

    images: UInt8[Tensor, "N C h w"]
    labels: Int[Tensor, " N"]


class SpriteSource(Component):
    """Images of single objects, real or drawn; train and test share none."""

    @abstractmethod
    def sprites(self, split: Split) -> Sprites:
        """The object images of a split.

        Raises:
            DataUnavailable: they are missing and may not be downloaded.
        """
