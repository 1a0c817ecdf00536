"""The interface of scene sources, which make data sets of scenes, with or without an end."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import torch
from jaxtyping import Float, Int, Shaped, UInt8
from torch import Tensor

from objcentric.component import Component

Split = Literal["train", "validation", "test"]
"""Scenes for training, for choices between models, and for the final figures."""

TruthName = Literal["counts", "boxes", "labels", "segmentation", "attributes"]


@dataclass(frozen=True)
class Truth:
    """What is known of the objects of some scenes. Whatever is not known is None.

    M is the largest number of objects in any scene. Entries beyond a scene's count are 0 (labels:
    -1).

    Attributes:
        counts: objects per scene.
        boxes: `(x0, y0, x1, y1)` in pixels from the top left corner.
        labels: class of each object.
        segmentation: 0 for the background, m+1 where object m shows most.
        attributes: further properties of objects by name, such as colour or pose; `(N, M, ...)`.
    """

    counts: Int[Tensor, " N"] | None = None
    boxes: Float[Tensor, "N M 4"] | None = None
    labels: Int[Tensor, "N M"] | None = None
    segmentation: UInt8[Tensor, "N H W"] | None = None
    attributes: Mapping[str, Shaped[Tensor, "N M ..."]] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[TruthName]:
        """The names of what is known."""
        return frozenset(name for name in get_args(TruthName) if _is_known(getattr(self, name)))

    def only(self, names: Collection[TruthName]) -> "Truth":
        """The truth without everything that is not named."""
        return Truth(**{name: getattr(self, name) for name in self.known if name in names})

    def at(self, index: Int[Tensor, " n"]) -> "Truth":
        """What is known of some of the scenes; the index is on the device of the tensors."""
        return self._each(lambda value: value[index])

    def to(self, device: torch.device | str) -> "Truth":
        """The same truth on a device."""
        return self._each(lambda value: value.to(device))

    def _each(self, change: Callable[[Tensor], Tensor]) -> "Truth":
        plain = {name: change(getattr(self, name)) for name in self.known - {"attributes"}}
        attributes = {name: change(value) for name, value in self.attributes.items()}
        return Truth(**plain, attributes=attributes)


class SceneStream(ABC):
    """Scenes without end, made on any device. A number is the same scene whenever it is made."""

    @abstractmethod
    def at(
        self, numbers: Int[Tensor, " n"], known: Collection[TruthName]
    ) -> tuple[UInt8[Tensor, "n C H W"], Truth]:
        """The images of some scenes, and what is known of them, on the device of the numbers.

        It leaves torch's random generators as they are.

        Args:
            numbers: from 0.
            known: what has to be in the truth, of what the source knows; more may be in it, too.
        """


@dataclass(frozen=True)
class Scenes(Truth):
    """A data set of scenes. The truth about their objects is for evaluation only.

    Attributes:
        images: intensities, 255 is 1.0.
        sha256: hexadecimal digest of the protocol's name and version, the images and the truth.
        stream: for training scenes that are others in every epoch, makes them: those of epoch e,
            from 0, are e·N to (e + 1)·N - 1, and the N images here are those of the first one. None
            if all epochs show the same scenes.
    """

    images: UInt8[Tensor, "N C H W"] = field(kw_only=True)
    sha256: str = field(kw_only=True)
    stream: SceneStream | None = field(kw_only=True, default=None)

    def __len__(self) -> int:
        return self.images.shape[0]


def _is_known(value: Tensor | Mapping[str, Tensor] | None) -> bool:
    return value is not None and (isinstance(value, Tensor) or bool(value))


class SceneSource(Component):
    """A named, versioned protocol that makes data sets of scenes.

    The same options give the same scenes, to the bit, on every machine.
    """

    @property
    @abstractmethod
    def image_shape(self) -> tuple[int, int, int]:
        """`(C, H, W)` of an image, known before any is made."""

    @abstractmethod
    def scenes(self, split: Split) -> Scenes:
        """The scenes of a split. No object image in a test scene occurs in another split's scenes.

        Raises:
            DataUnavailable: the object images are missing and may not be downloaded.
        """
