"""What the camera sees of a table, for scenes (`TableView`, `Seen`)."""

from dataclasses import dataclass

import numpy as np
import torch
from einops import einsum, rearrange
from jaxtyping import Bool, Float, Int64, UInt8
from torch import Tensor
from torch.nn import functional as F

from objcentric_tabletop.camera import BEHIND, Camera
from objcentric_tabletop.crop import Crops
from objcentric_tabletop.ray_caster import CLASSES, Sight, cube, cylinder, sphere

STEPS = 1000
"""Places along a side of the table, and angles of a quarter turn."""
VISIBLE = (1, 2)
"""At least this share (numerator, denominator) of an object's pixels is not hidden by others."""
SAMPLES = 3
"""Rays along each side of a pixel."""
EDGE = 1e-4
"""Width of the change from one face's shade to the next; sharp."""


@dataclass
class Seen:
    """What rays see of the objects of N scenes.

    Attributes:
        alone: which rays meet an object, if it were alone.
        visible: which rays meet it first.
        shade: the share of its colour that they see.
    """

    alone: Bool[Tensor, "N M h w"]
    visible: Bool[Tensor, "N M h w"]
    shade: Float[Tensor, "N M h w"]

    def put(self, index: Int64[np.ndarray, " n"], other: "Seen") -> None:
        """Replaces some of the scenes."""
        rows = torch.from_numpy(index)
        self.alone[rows], self.visible[rows] = other.alone, other.visible
        self.shade[rows] = other.shade

    def uncovered(self) -> Bool[np.ndarray, " N"]:
        """In which scenes enough of each object is visible."""
        all_of_it, part = (m.float().sum((2, 3)) for m in (self.alone, self.visible))
        enough = part * VISIBLE[1] >= all_of_it * VISIBLE[0]
        return np.asarray(enough.all(1))


class TableView:
    """What the camera sees of a table, through several rays per pixel.

    Args:
        camera: what it shows.
    """

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.rays = camera.rays(SAMPLES)

    def nothing(self, n: int, most: int) -> Seen:
        """Empty scenes."""
        shape = (n, most, *self.rays.shape[1:])
        blank = torch.zeros(shape, dtype=torch.bool)
        return Seen(blank, blank.clone(), torch.zeros(shape, dtype=torch.float64))

    def see(
        self,
        places: Int64[np.ndarray, "N M 2"],
        there: Bool[np.ndarray, "N M"],
        labels: Int64[np.ndarray, "N M"],
        turns: Int64[np.ndarray, "N M"],
    ) -> Seen:
        """What is seen of objects, one class after another."""
        seen = self.nothing(*there.shape)
        x, y = torch.from_numpy(places / STEPS).unbind(-1)
        angles = torch.from_numpy(turns / STEPS) * (torch.pi / 2)
        for label, name in enumerate(CLASSES):
            those = torch.from_numpy(there & (labels == label))
            if those.any():
                met, shade = self._cast(name, x[those], y[those], angles[those])
                seen.alone[those], seen.shade[those] = met > 0, shade
        away = x.square() + (y + BEHIND).square()
        nearer = rearrange(away, "n j -> j n 1") < away  # j than m
        visible = seen.alone
        for j, hides in enumerate(rearrange(nearer, "j n m -> j n m 1 1")):
            visible = visible & ~(seen.alone[:, j : j + 1] & hides)
        return Seen(seen.alone, visible, seen.shade)

    def _cast(
        self, name: str, *where: Float[Tensor, " n"]
    ) -> tuple[Float[Tensor, "n h w"], Float[Tensor, "n h w"]]:
        """Which rays meet objects of one class (1, or 0), and the shade that these see."""
        x, y, angle = (rearrange(value, "n -> n 1") for value in where)
        crops = Crops.around(self.camera, x, y, SAMPLES)
        sight = _sight(name, crops.cut(self.rays), x, y, angle)
        met = (sight.distance < 0).to(sight.shade)
        maps = crops.paste(torch.stack([met, met * sight.shade], dim=2))
        met, shade = rearrange(maps, "n 1 c h w -> c n h w")
        return met, shade

    def drawn(
        self, seen: Seen, colors: Float[Tensor, "N M C"]
    ) -> tuple[UInt8[Tensor, "N C H W"], UInt8[Tensor, "N H W"], Float[Tensor, "N M 4"]]:
        """Images, segmentation, and boxes around whole objects."""
        light = F.avg_pool2d(seen.visible * seen.shade, SAMPLES)
        image = einsum(light, colors, "n m h w, n m c -> n c h w")
        images = (255 * image).round().clamp(0, 255).to(torch.uint8)
        share = F.avg_pool2d(seen.visible.float(), SAMPLES)
        background = 1 - share.sum(1, keepdim=True)
        segmentation = torch.cat([background, share], 1).max(1).indices.to(torch.uint8)
        return images, segmentation, _boxes(seen.alone)


def _sight(name: str, rays: Tensor, x: Tensor, y: Tensor, angle: Tensor) -> Sight:
    if name == "sphere":
        return sphere(rays, x, y)
    if name == "cylinder":
        return cylinder(rays, x, y, EDGE)
    return cube(rays, x, y, angle.cos(), angle.sin(), EDGE)


def _boxes(alone: Bool[Tensor, "N M h w"]) -> Float[Tensor, "N M 4"]:
    """`(x0, y0, x1, y1)` of what is covered, in pixels; 0 for nothing."""
    ends = []
    for covered in (alone.any(2), alone.any(3)):  # columns, rows
        n = covered.shape[-1]
        first = covered.int().argmax(-1)
        last = n - covered.flip(-1).int().argmax(-1)
        there = covered.any(-1)
        ends.append(torch.stack([first * there, last * there], -1))
    return rearrange(torch.stack(ends), "xy n m end -> n m (end xy)").float() / SAMPLES
