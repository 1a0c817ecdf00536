"""Sizes of a scene (`RequestedScene`, `SceneSpec`) and meaning of its `where` (`WhereSpec`)."""

from dataclasses import dataclass, replace
from typing import TypeAlias

ImageShape: TypeAlias = tuple[int, int, int]
"""`(C, H, W)` of an image."""


@dataclass(frozen=True)
class WhereSpec:
    """Meaning of a glimpser's `where`: a name and a default prior for each coordinate.

    Attributes:
        names: one name per coordinate, for example `("scale", "x", "y")`; empty if the glimpser
            always shows the same view.
        loc: mean of the default prior N(loc, scale²) of each coordinate.
        scale: standard deviation of that prior, positive.

    Raises:
        ValueError: lengths differ, or a standard deviation is not positive.
    """

    names: tuple[str, ...]
    loc: tuple[float, ...]
    scale: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.loc) == len(self.scale):
            raise ValueError(f"names, loc and scale differ in length: {self}")
        if self.scale and min(self.scale) <= 0:
            raise ValueError(f"standard deviations must be positive: {self.scale}")

    @property
    def dim(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class RequestedScene:
    """The sizes that a recipe states; nothing else is known when the glimpser is built.

        scene = RequestedScene((1, 50, 50), objects=3, what_dim=20, glimpse=24)
        glimpser = SpatialTransformer(scene)
        settled = scene.settled(glimpser.where, glimpser.glimpse_shape)

    Attributes:
        image_shape: `(C, H, W)` of an image, intensities in [0, 1].
        objects: the largest number of objects that may explain a scene.
        what_dim: size of an object's appearance code.
        glimpse: side of an object's own square patch, in pixels.

    Raises:
        ValueError: a size is not positive.
    """

    image_shape: ImageShape
    objects: int
    what_dim: int
    glimpse: int

    def __post_init__(self) -> None:
        _refuse_empty(self, "image_shape", "objects", "what_dim", "glimpse")

    @property
    def channels(self) -> int:
        return self.image_shape[0]

    @property
    def patch_shape(self) -> tuple[int, int, int]:
        """`(C, h, w)` of the patch that the decoder draws."""
        return (self.channels, self.glimpse, self.glimpse)

    def settled(
        self,
        where: WhereSpec,
        glimpse_shape: tuple[int, int, int] | None = None,
        slots: int | None = None,
    ) -> "SceneSpec":
        """The same scene, with the sizes that the glimpser and the scheduler add.

        Args:
            where: the glimpser's coordinates of an object.
            glimpse_shape: `(C', h, w)` of what the glimpser reads; by default that of the patch.
            slots: how many slots the scheduler proposes; by default one per object.
        """
        return SceneSpec(
            self.image_shape,
            self.objects,
            self.what_dim,
            self.glimpse,
            where,
            self.patch_shape if glimpse_shape is None else glimpse_shape,
            self.objects if slots is None else slots,
        )


@dataclass(frozen=True)
class SceneSpec:
    """The sizes that all components of a model share; see `RequestedScene.settled`.

    Attributes:
        image_shape: `(C, H, W)` of an image, intensities in [0, 1].
        objects: the largest number of objects that may explain a scene.
        what_dim: size of an object's appearance code.
        glimpse: side of an object's own square patch, in pixels.
        where: the glimpser's coordinates of an object.
        glimpse_shape: `(C', h, w)` of what the glimpser reads.
        slots: K, how many slots the scheduler proposes. The scheduler itself is built with one
            slot per object.

    Raises:
        ValueError: a size is not positive.
    """

    image_shape: ImageShape
    objects: int
    what_dim: int
    glimpse: int
    where: WhereSpec
    glimpse_shape: tuple[int, int, int]
    slots: int

    def __post_init__(self) -> None:
        names = ("image_shape", "objects", "what_dim", "glimpse", "glimpse_shape", "slots")
        _refuse_empty(self, *names)

    @property
    def requested(self) -> RequestedScene:
        """The sizes that a recipe states."""
        return RequestedScene(self.image_shape, self.objects, self.what_dim, self.glimpse)

    @property
    def channels(self) -> int:
        return self.image_shape[0]

    @property
    def patch_shape(self) -> tuple[int, int, int]:
        """`(C, h, w)` of the patch that the decoder draws."""
        return self.requested.patch_shape

    @property
    def where_dim(self) -> int:
        return self.where.dim

    def with_slots(self, slots: int) -> "SceneSpec":
        """The same scene with `slots` slots."""
        return replace(self, slots=slots)


def _refuse_empty(scene: RequestedScene | SceneSpec, *names: str) -> None:
    for name in names:
        size = getattr(scene, name)
        if (min(size) if isinstance(size, tuple) else size) < 1:
            raise ValueError(f"{name} must be positive, got {size}")
