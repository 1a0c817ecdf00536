"""The interface of scene data."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal

from jaxtyping import Float, Int, UInt8
from torch import Tensor

from objcentric.component import Component

Split = Literal["train", "test"]


@dataclass(frozen=True)
class Scenes:
    """A data set of scenes with what is known of their objects, for evaluation only.

    M is the most objects that any scene holds; entries beyond a scene's count are 0 (labels: -1).

    Attributes:
        images: intensities, 255 is 1.0.
        counts: objects per scene.
        boxes: `(x0, y0, x1, y1)` in pixels from the top left corner.
        labels: class of each object.
        segmentation: 0 for the background, m+1 where object m shows most.
        sha256: hexadecimal digest of the protocol's name and version and of all of the above.
    """

    images: UInt8[Tensor, "N C H W"]
    counts: Int[Tensor, " N"]
    boxes: Float[Tensor, "N M 4"]
    labels: Int[Tensor, "N M"]
    segmentation: UInt8[Tensor, "N H W"]
    sha256: str

    def __len__(self) -> int:
        return self.images.shape[0]


class SceneSource(Component):
    """A named, versioned protocol that makes scene data sets.

    The same options give the same scenes, to the bit, on every machine.
    """

    @property
    @abstractmethod
    def image_shape(self) -> tuple[int, int, int]:
        """`(C, H, W)` of an image, known without making any."""

    @abstractmethod
    def scenes(self, split: Split) -> Scenes:
        """The scenes of a split. Train and test scenes share no object images.

        Raises:
            DataUnavailable: the object images are not here and may not be fetched.
        """
