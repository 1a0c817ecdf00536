"""The sizes of a scene: the one place where they are written down."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

ImageShape: TypeAlias = tuple[int, int, int]
"""`(C, H, W)` of an image."""


@dataclass(frozen=True)
class WhereSpec:
    """What a glimpser's `where` means: a name and a sensible default prior for each coordinate.

    Attributes:
        names: one name per coordinate, for example `("scale", "x", "y")`.
        loc: mean of the default prior N(loc, scale²) of each coordinate.
        scale: its standard deviation, positive.

    Raises:
        ValueError: lengths differ, or a standard deviation is not positive.
    """

    names: tuple[str, ...]
    loc: tuple[float, ...]
    scale: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.loc) == len(self.scale):
            raise ValueError(f"names, loc and scale differ in length: {self}")
        if any(scale <= 0 for scale in self.scale):
            raise ValueError(f"standard deviations must be positive: {self.scale}")

    @property
    def dim(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class SceneSpec:
    """Sizes that the components of one model share. Derived sizes are derived.

    The model fills in `where`, `glimpse_shape` and `slots` from the glimpser and the scheduler
    before it builds the other components.

    Attributes:
        image_shape: `(C, H, W)` of an image, intensities in [0, 1].
        objects: the most objects a scene may be explained by.
        what_dim: size of an object's appearance code.
        glimpse: side of an object's own square patch, in pixels.
        where: the glimpser's coordinates of an object.
        glimpse_shape: `(C', h, w)` of what the glimpser reads; the patch unless it says more.
        slots: K, how many slots the scheduler proposes; `objects` unless it says more.

    Raises:
        ValueError: a size is not positive.
    """

    image_shape: ImageShape
    objects: int
    what_dim: int
    glimpse: int
    where: WhereSpec = field(
        default=WhereSpec(("scale", "x", "y"), (3.0, 0.0, 0.0), (0.1, 1.0, 1.0))
    )
    glimpse_shape: tuple[int, int, int] = (0, 0, 0)
    slots: int = 0

    def __post_init__(self) -> None:
        if self.glimpse_shape == (0, 0, 0):
            object.__setattr__(self, "glimpse_shape", self.patch_shape)
        if self.slots == 0:
            object.__setattr__(self, "slots", self.objects)
        sizes = {
            "image_shape": min(self.image_shape),
            "objects": self.objects,
            "what_dim": self.what_dim,
            "glimpse": self.glimpse,
            "glimpse_shape": min(self.glimpse_shape),
            "slots": self.slots,
        }
        for name, size in sizes.items():
            if size < 1:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")

    @property
    def channels(self) -> int:
        return self.image_shape[0]

    @property
    def patch_shape(self) -> tuple[int, int, int]:
        """`(C, h, w)` of the patch that the decoder draws."""
        return (self.channels, self.glimpse, self.glimpse)

    @property
    def where_dim(self) -> int:
        return self.where.dim

    def seen_through(self, where: WhereSpec, glimpse_shape: tuple[int, int, int]) -> "SceneSpec":
        """The same scene, with a glimpser's coordinates and glimpses."""
        return replace(self, where=where, glimpse_shape=glimpse_shape)

    def with_slots(self, slots: int) -> "SceneSpec":
        """The same scene, explained by `slots` slots."""
        return replace(self, slots=slots)
