"""Scenes of objects on a table in perspective (`Tabletop3d`)."""

import json
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from einops import einsum, rearrange
from jaxtyping import Bool, Float, Int64, UInt8
from pydantic import Field, NonNegativeInt, PositiveInt
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.digest import sealed
from objcentric_scenes.randomness import integers_below, raw_bits
from objcentric_scenes.scene_cache import cached_scenes
from objcentric_tabletop.camera import BEHIND, Camera
from objcentric_tabletop.crop import Crops
from objcentric_tabletop.ray_caster import CLASSES, WIDEST, Sight, cube, cylinder, sphere

NAME = "tabletop3d"
VERSION = 1
"""To be raised whenever the same options give other scenes."""

COLORS = (
    (230, 50, 50),  # red
    (60, 200, 70),  # green
    (60, 100, 235),  # blue
    (235, 215, 60),  # yellow
    (200, 70, 215),  # magenta
    (60, 210, 215),  # cyan
)
"""Of the lit side, in 8 bits."""
STEPS = 1000
"""Places along a side of the table, and angles of a quarter turn."""
APART = 2 * WIDEST
"""Smallest distance of two middles, in halves of the table's side: outlines never meet."""
VISIBLE = (1, 2)
"""At least this share (numerator, denominator) of an object's pixels is not hidden by others."""
SAMPLES = 3
"""Rays along each side of a pixel."""
EDGE = 1e-4
"""Width of the change from one face's shade to the next; sharp."""
AT_ONCE = 50
"""Scenes that are drawn at once, for the sake of memory."""

_PROTOCOL = f"{NAME} version {VERSION}"
_STREAMS: dict[Split, int] = {"train": 0, "test": 1, "validation": 2}


class Tabletop3d(SceneSource):
    """Cubes, spheres and cylinders on a table, in perspective and in six colours, none to two of
    them (in the manner of Eslami et al. 2016, section 3.3, whose own data is not published).

    Counts are uniform, and so are each object's class, colour, rotation (of cubes, within a quarter
    turn) and place on the table. Places of a scene are drawn again, all of them, if objects might
    touch or if others hide more than half of one. The camera is that of `Tabletop`, which draws
    the same objects; the background is black. 9 rays per pixel are averaged.

    Everything random is an integer. What rays see is computed in double precision and rounded to 8
    bits (to whole rays per pixel for boxes and segmentation), so scenes could differ between
    machines only where a number lies within rounding errors, some 1e-13, of a boundary. That is
    practically never the case, but it is not proven, unlike in scenes that are all integers.

    Truth: counts, boxes (around the whole object, even where another one hides it), labels (0 cube,
    1 sphere, 2 cylinder), segmentation, and the attributes `color` (intensities of the lit side, in
    [0, 1]), `rotation` (in quarter turns, in [0, 1); 0 for what is round) and `position` (x to the
    right and y away from the viewer, from the table's middle, where its side is 1). No object is
    taken from an image, so splits have none to share; their scenes differ.

    Args:
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        most: the largest number of objects in a scene.
        canvas: width of a scene, in pixels, a multiple of 4; the height is three quarters of it.
        seed: seed of the data, not of the run.
    """

    def __init__(
        self,
        *,
        train: PositiveInt = 4000,
        validation: PositiveInt = 500,
        test: PositiveInt = 1000,
        most: Annotated[int, Field(ge=1, le=3)] = 2,
        canvas: Annotated[int, Field(ge=16, multiple_of=4)] = 48,
        seed: NonNegativeInt = 0,
    ) -> None:
        self.sizes: dict[Split, int] = {"train": train, "validation": validation, "test": test}
        self.most, self.canvas, self.seed = most, canvas, seed

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (3, self.canvas * 3 // 4, self.canvas)

    def scenes(self, split: Split) -> Scenes:
        options = {
            "scenes": self.sizes[split],
            "most": self.most,
            "canvas": self.canvas,
            "seed": self.seed,
        }
        digits = "".join(c for c in json.dumps(options, sort_keys=True) if c.isalnum())
        name = f"{NAME}-v{VERSION}-{split}-{digits}"
        return cached_scenes(name, _PROTOCOL, lambda: self._generate(split))

    def _generate(self, split: Split) -> Scenes:
        """Makes the scenes. A smaller data set is the beginning of a larger one."""
        n, stream, most = self.sizes[split], _STREAMS[split], self.most
        bits = raw_bits(self.seed, (stream, 0), n, 1 + 3 * most)
        there = np.arange(most) < integers_below(most + 1, bits[:, :1])
        labels = integers_below(len(CLASSES), bits[:, 1 : 1 + most])
        turns = integers_below(STEPS, bits[:, 1 + most : 1 + 2 * most])
        turns = np.where(labels == CLASSES.index("cube"), turns, 0)
        colors = np.asarray(COLORS)[integers_below(len(COLORS), bits[:, 1 + 2 * most :])] / 255
        view = _View(Camera(*self.image_shape[1:]))
        parts = []
        for index in np.split(np.arange(n), range(AT_ONCE, n, AT_ONCE)):
            places, seen = self._placed(view, stream, index, there, labels, turns)
            drawn = view.drawn(seen, torch.from_numpy(colors[index]))
            parts.append((torch.from_numpy(places / (2 * STEPS)), *drawn))
        positions, images, segmentation, boxes = (torch.cat(p) for p in zip(*parts, strict=True))
        exists = rearrange(torch.from_numpy(there), "n m -> n m 1")
        tensors = {
            "images": images,
            "counts": torch.from_numpy(there.sum(1)),
            "boxes": boxes,
            "labels": torch.from_numpy(np.where(there, labels, -1)),
            "segmentation": segmentation,
            "attribute.color": torch.from_numpy(colors).float() * exists,
            "attribute.rotation": torch.from_numpy(turns * there / STEPS).float(),
            "attribute.position": positions.float() * exists,
        }
        return sealed(_PROTOCOL, tensors)

    def _placed(
        self,
        view: "_View",
        stream: int,
        index: Int64[np.ndarray, " n"],
        there: Bool[np.ndarray, "N M"],
        labels: Int64[np.ndarray, "N M"],
        turns: Int64[np.ndarray, "N M"],
    ) -> tuple[Int64[np.ndarray, "n M 2"], "_Seen"]:
        """Places of objects in some of the scenes, x and y in units of 1/(2 `STEPS`) of the table's
        side, and what is seen. Each attempt at a scene has its own random numbers."""
        n, most = len(index), self.most
        places = np.zeros((n, most, 2), np.int64)
        seen = view.nothing(n, most)
        left, attempt = np.arange(n), 0
        while left.size:
            attempt += 1
            bits = raw_bits(self.seed, (stream, attempt), int(index[-1]) + 1, 2 * most)[index[left]]
            steps = rearrange(integers_below(STEPS, bits), "n (m xy) -> n m xy", xy=2)
            places[left] = 2 * steps + 1 - STEPS
            apart = left[_apart(places[left], there[index[left]])]
            chosen = index[apart]
            seen.put(apart, view.see(places[apart], there[chosen], labels[chosen], turns[chosen]))
            good = apart[seen.uncovered()[apart]]
            left = np.setdiff1d(left, good)
        return places, seen


def _apart(places: Int64[np.ndarray, "N M 2"], there: Bool[np.ndarray, "N M"]) -> np.ndarray:
    """Whether no two objects of a scene are too close."""
    good = np.ones(len(places), bool)
    for a in range(places.shape[1]):
        for b in range(a):
            square = ((places[:, a] - places[:, b]) ** 2).sum(-1)
            near = square < int(APART * STEPS) ** 2
            good &= ~(near & there[:, a] & there[:, b])
    return good


@dataclass
class _Seen:
    """What rays see of the objects of N scenes.

    Attributes:
        alone: which rays meet an object, if it were alone.
        visible: which rays meet it first.
        shade: the share of its colour that they see.
    """

    alone: Bool[Tensor, "N M h w"]
    visible: Bool[Tensor, "N M h w"]
    shade: Float[Tensor, "N M h w"]

    def put(self, index: Int64[np.ndarray, " n"], other: "_Seen") -> None:
        """Replaces some of the scenes."""
        rows = torch.from_numpy(index)
        self.alone[rows], self.visible[rows] = other.alone, other.visible
        self.shade[rows] = other.shade

    def uncovered(self) -> Bool[np.ndarray, " N"]:
        """In which scenes enough of each object is visible."""
        all_of_it, part = (m.float().sum((2, 3)) for m in (self.alone, self.visible))
        enough = part * VISIBLE[1] >= all_of_it * VISIBLE[0]
        return np.asarray(enough.all(1))


class _View:
    """What the camera sees of a table, through several rays per pixel.

    Args:
        camera: what it shows.
    """

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.rays = camera.rays(SAMPLES)

    def nothing(self, n: int, most: int) -> _Seen:
        """Empty scenes."""
        shape = (n, most, *self.rays.shape[1:])
        blank = torch.zeros(shape, dtype=torch.bool)
        return _Seen(blank, blank.clone(), torch.zeros(shape, dtype=torch.float64))

    def see(
        self,
        places: Int64[np.ndarray, "N M 2"],
        there: Bool[np.ndarray, "N M"],
        labels: Int64[np.ndarray, "N M"],
        turns: Int64[np.ndarray, "N M"],
    ) -> _Seen:
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
        return _Seen(seen.alone, visible, seen.shade)

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
        self, seen: _Seen, colors: Float[Tensor, "N M C"]
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
