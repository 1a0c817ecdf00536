"""The interface of the object images that scenes are made of."""

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
    """Real or drawn images of single objects; train and test share none."""

    @abstractmethod
    def sprites(self, split: Split) -> Sprites:
        """The object images of a split.

        Raises:
            DataUnavailable: they are not here and may not be fetched.
        """
