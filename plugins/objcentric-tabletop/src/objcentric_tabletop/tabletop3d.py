"""Scenes of objects on a table in perspective (`Tabletop3d`)."""

import json
from typing import Annotated

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Bool, Int64
from pydantic import Field, NonNegativeInt, PositiveInt

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.digest import sealed
from objcentric_scenes.randomness import integers_below, raw_bits
from objcentric_scenes.scene_cache import cached_scenes
from objcentric_tabletop.camera import Camera
from objcentric_tabletop.ray_caster import CLASSES, WIDEST
from objcentric_tabletop.table_view import STEPS, Seen, TableView

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
APART = 2 * WIDEST
"""Smallest distance of two middles, in halves of the table's side: outlines never meet."""
AT_ONCE = 50
"""Scenes that are drawn at once, for the sake of memory."""

_PROTOCOL = f"{NAME} version {VERSION}"
_STREAMS: dict[Split, int] = {"train": 0, "test": 1, "validation": 2}


class Tabletop3d(SceneSource):
    """Cubes, spheres and cylinders on a table, in perspective and in six colours, none to two of
    them (in the manner of Eslami et al. 2016, section 3.3).

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
        view = TableView(Camera(*self.image_shape[1:]))
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
        view: TableView,
        stream: int,
        index: Int64[np.ndarray, " n"],
        there: Bool[np.ndarray, "N M"],
        labels: Int64[np.ndarray, "N M"],
        turns: Int64[np.ndarray, "N M"],
    ) -> tuple[Int64[np.ndarray, "n M 2"], Seen]:
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
