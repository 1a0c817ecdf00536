"""Placed objects, drawn: pixels that add up or cover each other, and which object they show."""

from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Int64, UInt8, UInt16

OPAQUE = 128
"""An object that covers hides what is behind it from this opacity on, half of 255."""

Index = tuple[Int64[np.ndarray, " P"], Int64[np.ndarray, " P"], Int64[np.ndarray, " P"]]
"""Scene, y and x of pixels."""


@dataclass(frozen=True)
class Placed:
    """Objects at their places.

    Attributes:
        ink: intensity or opacity, each object in the top left corner of a square.
        corners: `(x, y)` of the squares, whose empty parts may reach beyond the canvas.
        canvas: side of a scene, in pixels.
    """

    ink: UInt8[np.ndarray, "N M S S"]
    corners: Int64[np.ndarray, "N M 2"]
    canvas: int

    @property
    def objects(self) -> int:
        """M."""
        return self.ink.shape[1]

    def inked(self, m: int) -> tuple[Index, Index]:
        """Where the m-th objects have ink: in their squares, and on the canvas."""
        scene, row, column = self.ink[:, m].nonzero()
        x, y = rearrange(self.corners[scene, m], "p xy -> xy p")
        return (scene, row, column), (scene, y + row, x + column)

    def blank(self, *channels: int, dtype: type[np.unsignedinteger]) -> np.ndarray:
        """Zeros for all pixels of all scenes, `(N, H, W, *channels)`."""
        return np.zeros((len(self.ink), self.canvas, self.canvas, *channels), dtype)


def tint(
    ink: UInt8[np.ndarray, "N M S S"], colors: UInt8[np.ndarray, "N M C"]
) -> UInt8[np.ndarray, "N M S S C"]:
    """Coloured ink, rounded to 8 bits."""
    product = rearrange(ink, "n m h w -> n m h w 1").astype(np.uint16) * rearrange(
        colors, "n m c -> n m 1 1 c"
    )
    return ((product + 127) // 255).astype(np.uint8)


def add_up(placed: Placed, paint: UInt8[np.ndarray, "N M S S C"]) -> UInt16[np.ndarray, "N H W C"]:
    """Sum of all objects' intensities, not clipped."""
    total = placed.blank(paint.shape[-1], dtype=np.uint16)
    for m in range(placed.objects):
        here, there = placed.inked(m)
        total[there] += paint[:, m][here]
    return total


def cover(
    placed: Placed, colors: UInt8[np.ndarray, "N M C"], ground: UInt8[np.ndarray, "N #H #W C"]
) -> UInt8[np.ndarray, "N H W C"]:
    """Objects in front of each other and of the ground; later objects are in front."""
    canvas = placed.blank(ground.shape[-1], dtype=np.uint8)
    canvas += ground
    for m in range(placed.objects):
        here, there = placed.inked(m)
        opacity = rearrange(placed.ink[:, m][here], "p -> p 1").astype(np.uint16)
        # At most 255², which 16 bits hold.
        mixed = opacity * colors[there[0], m] + (255 - opacity) * canvas[there]
        canvas[there] = ((mixed + 127) // 255).astype(np.uint8)
    return canvas


def segment_added(placed: Placed) -> UInt8[np.ndarray, "N H W"]:
    """m+1 where object m has most ink, the first of equals; 0 where nothing has ink."""
    strongest, segmentation = (placed.blank(dtype=np.uint8) for _ in range(2))
    for m in range(placed.objects):
        here, there = placed.inked(m)
        ink, before = placed.ink[:, m][here], strongest[there]
        segmentation[there] = np.where(ink > before, m + 1, segmentation[there])
        strongest[there] = np.maximum(ink, before)
    return segmentation


def segment_covered(placed: Placed) -> UInt8[np.ndarray, "N H W"]:
    """m+1 for the front-most object that is opaque at a pixel; 0 where none is."""
    segmentation = placed.blank(dtype=np.uint8)
    for m in range(placed.objects):
        here, there = placed.inked(m)
        opaque = placed.ink[:, m][here] >= OPAQUE
        segmentation[there] = np.where(opaque, m + 1, segmentation[there])
    return segmentation


def visible_pixels(
    placed: Placed, segmentation: UInt8[np.ndarray, "N H W"] | None = None
) -> Int64[np.ndarray, "N M"]:
    """How many opaque pixels of each object a segmentation shows; without one, how many it has."""
    if segmentation is None:
        return (placed.ink >= OPAQUE).sum(axis=(2, 3))
    members = [(segmentation == m + 1).sum(axis=(1, 2)) for m in range(placed.objects)]
    return np.stack(members, axis=1)
