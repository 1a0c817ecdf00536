"""The interface of scene data."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import torch
from jaxtyping import Float, Int, Shaped, UInt8
from torch import Tensor

from objcentric.component import Component

Split = Literal["train", "validation", "test"]
"""Scenes to learn from; to make choices by; and to read once, for the final figures."""

TruthName = Literal["counts", "boxes", "labels", "segmentation", "attributes"]


@dataclass(frozen=True)
class Truth:
    """What is known of the objects of some scenes. What is not known is None.

    M is the most objects that any scene holds; entries beyond a scene's count are 0 (labels: -1).

    Attributes:
        counts: objects per scene.
        boxes: `(x0, y0, x1, y1)` in pixels from the top left corner.
        labels: class of each object.
        segmentation: 0 for the background, m+1 where object m shows most.
        attributes: further properties of each object by name: colour, shape, pose; `(N, M, ...)`.
    """

    counts: Int[Tensor, " N"] | None = None
    boxes: Float[Tensor, "N M 4"] | None = None
    labels: Int[Tensor, "N M"] | None = None
    segmentation: UInt8[Tensor, "N H W"] | None = None
    attributes: Mapping[str, Shaped[Tensor, "N M ..."]] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[TruthName]:
        """What is known."""
        return frozenset(name for name in get_args(TruthName) if _is_known(getattr(self, name)))


@dataclass(frozen=True)
class Scenes(Truth):
    """A data set of scenes, with what is known of their objects, for evaluation only.

    Attributes:
        images: intensities, 255 is 1.0.
        sha256: hexadecimal digest of the protocol's name and version and of all of the above.
    """

    images: UInt8[Tensor, "N C H W"] = field(kw_only=True)
    sha256: str = field(kw_only=True)

    def __len__(self) -> int:
        return self.images.shape[0]

    def truth(self, index: Int[Tensor, " n"], device: torch.device | str = "cpu") -> Truth:
        """What is known of some of the scenes.

        Args:
            index: which ones, on the CPU.
            device: where to put it.
        """
        return Truth(
            *(
                None if value is None else value[index].to(device)
                for value in (self.counts, self.boxes, self.labels, self.segmentation)
            ),
            attributes={name: value[index].to(device) for name, value in self.attributes.items()},
        )


def _is_known(value: Tensor | Mapping[str, Tensor] | None) -> bool:
    return value is not None and (isinstance(value, Tensor) or bool(value))


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
        """The scenes of a split. No object image of a test scene is in another split's scenes.

        Raises:
            DataUnavailable: the object images are not here and may not be fetched.
        """
