"""Placed objects, drawn on a device (`Plane`); the twin is `objcentric_scenes.painting`."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Int32, Int64, UInt8
from torch import Tensor

from objcentric_scenes.painting import OPAQUE

Change = Callable[[Int32[Tensor, "N P"], Int32[Tensor, "N P"], int], Int32[Tensor, "N P"]]
"""New values of pixels from the old ones, the ink there, and the number of the object."""


@dataclass(frozen=True)
class Plane:
    """Objects at their places.

    Attributes:
        ink: intensity or opacity, each object in the top left corner of a square.
        corners: `(x, y)` of the squares, whose empty parts may reach beyond the canvas.
        canvas: side of a scene, in pixels.
    """

    ink: UInt8[Tensor, "N M S S"]
    corners: Int64[Tensor, "N M 2"]
    canvas: int

    @property
    def objects(self) -> int:
        """M."""
        return self.ink.shape[1]

    def painted(
        self, start: Int32[Tensor, "N #H #W"] | int, change: Change
    ) -> Int32[Tensor, "N H W"]:
        """A plane of one number, changed where the squares of the objects are, one by one."""
        side, canvas = self.ink.shape[-1], self.canvas
        wide = canvas + side  # what reaches beyond the canvas is painted, and cut off
        shape = (len(self.ink), wide, wide)
        plane = torch.zeros(shape, dtype=torch.int32, device=self.ink.device)
        plane[:, :canvas, :canvas] += start
        plane = plane.flatten(1)
        step = torch.arange(side, device=self.ink.device)
        square = (wide * step[:, None] + step).flatten()
        for m in range(self.objects):
            x, y = self.corners[:, m].unbind(-1)
            at = (wide * y + x)[:, None] + square
            ink = self.ink[:, m].flatten(1).int()
            plane.scatter_(1, at, change(plane.gather(1, at), ink, m))
        return plane.view(-1, wide, wide)[:, :canvas, :canvas]


def add_up(plane: Plane, colors: UInt8[Tensor, "N M C"]) -> Int32[Tensor, "N C H W"]:
    """Sum of all objects' coloured intensities, not clipped."""

    def channel(color: Int32[Tensor, "N M"]) -> Int32[Tensor, "N H W"]:
        return plane.painted(0, lambda old, ink, m: old + _of_255(ink * color[:, m, None]))

    return torch.stack([channel(color) for color in colors.int().unbind(-1)], 1)


def cover(
    plane: Plane, colors: UInt8[Tensor, "N M C"], ground: UInt8[Tensor, "N C #H #W"]
) -> Int32[Tensor, "N C H W"]:
    """Objects in front of each other and of the ground; later objects are in front."""

    def channel(color: Int32[Tensor, "N M"], behind: Int32[Tensor, "N #H #W"]) -> Tensor:
        def mix(old: Tensor, ink: Tensor, m: int) -> Tensor:
            return _of_255(ink * color[:, m, None] + (255 - ink) * old)

        return plane.painted(behind, mix)

    pairs = zip(colors.int().unbind(-1), ground.int().unbind(1), strict=True)
    return torch.stack([channel(color, behind) for color, behind in pairs], 1)


def segment_added(plane: Plane) -> UInt8[Tensor, "N H W"]:
    """m+1 where object m has most ink, the first of equals; 0 where nothing has ink."""

    def stronger(old: Tensor, ink: Tensor, m: int) -> Tensor:
        return torch.where(ink > old >> 8, (ink << 8) + m + 1, old)

    return (plane.painted(0, stronger) & 255).to(torch.uint8)


def segment_covered(plane: Plane) -> UInt8[Tensor, "N H W"]:
    """m+1 for the front-most object that is opaque at a pixel; 0 where none is."""
    painted = plane.painted(0, lambda old, ink, m: torch.where(ink >= OPAQUE, m + 1, old))
    return painted.to(torch.uint8)


def whole_pixels(ink: UInt8[Tensor, "N M S S"]) -> Int64[Tensor, "N M"]:
    """How many opaque pixels each object has."""
    return (ink >= OPAQUE).sum(dim=(2, 3))


def visible_pixels(segmentation: UInt8[Tensor, "N H W"], objects: int) -> Int64[Tensor, "N M"]:
    """How many pixels of each object a segmentation shows."""
    if not objects:
        return segmentation.new_zeros(len(segmentation), 0, dtype=torch.int64)
    members = [(segmentation == m + 1).sum(dim=(1, 2)) for m in range(objects)]
    return torch.stack(members, dim=1)


def _of_255(product: Int32[Tensor, "*shape"]) -> Int32[Tensor, "*shape"]:
    """A number from 0 to 255², divided by 255 and rounded.

    The sum of two shifts is the rounded quotient exactly (Blinn 1995, 10.1109/38.364961); integer
    division is many times slower.
    """
    shifted = product + 128
    return (shifted + (shifted >> 8)) >> 8
