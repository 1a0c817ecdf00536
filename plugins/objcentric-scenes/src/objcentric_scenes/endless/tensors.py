"""Objects of scenes as tensors, before they are placed (`TensorStamps`, `TensorStampMaker`)."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from jaxtyping import Bool, Int64, Shaped, UInt8
from torch import Tensor


@dataclass(frozen=True)
class TensorStamps:
    """As `Stamps`: objects, each in the top left corner of a rectangle.

    Attributes:
        ink: intensity or opacity; 255 is 1.0.
        sizes: width and height of the rectangle, in pixels, at most S.
        boxes: `(x0, y0, x1, y1)` in pixels from the corner of the rectangle.
        labels: class of each object; -1 for those that are absent.
        attributes: further properties by name.
    """

    ink: UInt8[Tensor, "N M S S"]
    sizes: Int64[Tensor, "N M 2"]
    boxes: Int64[Tensor, "N M 4"]
    labels: Int64[Tensor, "N M"]
    attributes: Mapping[str, Shaped[Tensor, "N M ..."]] = field(default_factory=dict)


class TensorStampMaker(ABC):
    """Makes objects on a device; its twin is a `StampMaker`."""

    @abstractmethod
    def stamps(
        self, bits: Int64[Tensor, "N M columns"], present: Bool[Tensor, "N M"]
    ) -> TensorStamps:
        """The objects that the twin makes from the same bits."""
