"""Placed objects, drawn: pixels that add up or cover each other, and which object they show."""

from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Int64, UInt8, UInt16

OPAQUE = 128
"""An object that covers hides what is behind it from this opacity on, half of 255."""

Pixels = tuple[Int64[np.ndarray, "N 1 1"], Int64[np.ndarray, "N S 1"], Int64[np.ndarray, "N 1 S"]]
"""Index of scene, y and x of the pixels of a square in each scene."""


@dataclass(frozen=True)
class Placed:
    """Objects at their places.

    Attributes:
        ink: intensity or opacity, each object in the top left corner of its square.
        corners: `(x, y)` of the squares. Empty margins may reach beyond the canvas.
        canvas: side of a scene, in pixels.
    """

    ink: UInt8[np.ndarray, "N M S S"]
    corners: Int64[np.ndarray, "N M 2"]
    canvas: int

    @property
    def objects(self) -> int:
        """M."""
        return self.ink.shape[1]

    def pixels(self, m: int) -> Pixels:
        """Where the m-th objects' squares are."""
        offset = np.arange(self.ink.shape[-1])
        x, y = rearrange(self.corners[:, m], "n xy -> xy n")
        return (
            rearrange(np.arange(len(x)), "n -> n 1 1"),
            rearrange(y, "n -> n 1 1") + rearrange(offset, "h -> h 1"),
            rearrange(x, "n -> n 1 1") + offset,
        )

    def blank(self, *channels: int, dtype: type[np.unsignedinteger]) -> np.ndarray:
        """Zeros, with room for margins that reach beyond the canvas: `(N, H+S, W+S, *channels)`."""
        side = self.canvas + self.ink.shape[-1]
        return np.zeros((len(self.ink), side, side, *channels), dtype)

    def cropped(self, padded: np.ndarray) -> np.ndarray:
        """The part that is on the canvas."""
        return padded[:, : self.canvas, : self.canvas]


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
        total[placed.pixels(m)] += paint[:, m]
    return placed.cropped(total)


def cover(
    placed: Placed, colors: UInt8[np.ndarray, "N M C"], background: UInt8[np.ndarray, "N C"]
) -> UInt8[np.ndarray, "N H W C"]:
    """Objects in front of each other and of a background; later objects are in front."""
    canvas = placed.blank(background.shape[-1], dtype=np.uint8)
    canvas += rearrange(background, "n c -> n 1 1 c")
    for m in range(placed.objects):
        where = placed.pixels(m)
        opacity = rearrange(placed.ink[:, m], "n h w -> n h w 1").astype(np.int32)
        color = rearrange(colors[:, m], "n c -> n 1 1 c")
        mixed = opacity * color + (255 - opacity) * canvas[where]
        canvas[where] = ((mixed + 127) // 255).astype(np.uint8)
    return placed.cropped(canvas)


def segment_added(placed: Placed) -> UInt8[np.ndarray, "N H W"]:
    """m+1 where object m has most ink, the first of equals; 0 where nothing has ink."""
    strongest, segmentation = (placed.blank(dtype=np.uint8) for _ in range(2))
    for m in range(placed.objects):
        where, ink = placed.pixels(m), placed.ink[:, m]
        stronger = ink > strongest[where]
        segmentation[where] = np.where(stronger, m + 1, segmentation[where])
        strongest[where] = np.where(stronger, ink, strongest[where])
    return placed.cropped(segmentation)


def segment_covered(placed: Placed) -> UInt8[np.ndarray, "N H W"]:
    """m+1 for the front-most object that is opaque at a pixel; 0 where none is."""
    segmentation = placed.blank(dtype=np.uint8)
    for m in range(placed.objects):
        where = placed.pixels(m)
        opaque = placed.ink[:, m] >= OPAQUE
        segmentation[where] = np.where(opaque, m + 1, segmentation[where])
    return placed.cropped(segmentation)


def visible_pixels(
    placed: Placed, segmentation: UInt8[np.ndarray, "N H W"] | None = None
) -> Int64[np.ndarray, "N M"]:
    """How many opaque pixels of each object a segmentation shows; without one, how many it has."""
    if segmentation is None:
        return (placed.ink >= OPAQUE).sum(axis=(2, 3))
    members = [(segmentation == m + 1).sum(axis=(1, 2)) for m in range(placed.objects)]
    return np.stack(members, axis=1)
