"""Tetrominoes: scenes of three coloured pieces of four square cells (`Tetrominoes`)."""

import json

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Bool, Int64, UInt8
from pydantic import NonNegativeInt, PositiveInt

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.digest import sealed
from objcentric_scenes.randomness import integers_below, raw_bits
from objcentric_scenes.scene_cache import cached_scenes
from objcentric_scenes.tetromino_shapes import CELL, COLORS, SHADES, SHAPES, SIZES

CANVAS = 35
OBJECTS = 3

NAME = "tetrominoes"
VERSION = 1
"""To be raised whenever the same options give other scenes."""

_PROTOCOL = f"{NAME} version {VERSION}"
_STREAMS: dict[Split, int] = {"train": 0, "test": 1, "validation": 2}


class Tetrominoes(SceneSource):
    """Tetrominoes: three pieces in six colours on a black canvas of 35×35 pixels (specified by
    Kabra et al. 2019, github.com/google-deepmind/multi_object_datasets).

    Shapes, colours and the positions of the three boxes are independent and uniform. If pieces
    would cover each other, all three positions are drawn again, so that every arrangement without
    overlap is equally likely. Pieces may touch, even those of the same colour. The specification
    names 17 shapes and orientations, but the published data has all 19 fixed tetrominoes (issue 10
    there), and so do these scenes.

    Truth: counts (always 3), boxes, labels (the shape, 0…18), segmentation, and the attributes
    `color` (0…5) and `position` (x and y of the box's top left corner, in pixels). Pieces are not
    taken from images, so splits have none to share; their scenes differ.

    Args:
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        seed: seed of the data, not of the run.
    """

    def __init__(
        self,
        *,
        train: PositiveInt = 60000,
        validation: PositiveInt = 1000,
        test: PositiveInt = 1000,
        seed: NonNegativeInt = 0,
    ) -> None:
        self.sizes: dict[Split, int] = {"train": train, "validation": validation, "test": test}
        self.seed = seed

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (3, CANVAS, CANVAS)

    def scenes(self, split: Split) -> Scenes:
        options = json.dumps({"scenes": self.sizes[split], "seed": self.seed}, sort_keys=True)
        digits = "".join(character for character in options if character.isalnum())
        name = f"{NAME}-v{VERSION}-{split}-{digits}"
        return cached_scenes(name, _PROTOCOL, lambda: self._generate(split))

    def _generate(self, split: Split) -> Scenes:
        """Makes the scenes. A smaller data set is the beginning of a larger one."""
        n, stream = self.sizes[split], _STREAMS[split]
        bits = raw_bits(self.seed, (stream, 0), n, 2 * OBJECTS)
        shapes = integers_below(len(SHAPES), bits[:, :OBJECTS])
        colors = integers_below(len(COLORS), bits[:, OBJECTS:])
        positions = _place(self.seed, stream, shapes)
        images, segmentation = _draw(shapes, colors, positions)
        boxes = np.concatenate([positions, positions + SIZES[shapes]], axis=-1)
        arrays = {
            "images": images,
            "counts": np.full(n, OBJECTS),
            "boxes": boxes.astype(np.float32),
            "labels": shapes,
            "segmentation": segmentation,
            "attribute.color": colors,
            "attribute.position": positions,
        }
        return sealed(_PROTOCOL, {name: torch.from_numpy(value) for name, value in arrays.items()})


def _place(seed: int, stream: int, shapes: Int64[np.ndarray, "N M"]) -> Int64[np.ndarray, "N M 2"]:
    """(x, y) of each piece's box. Each attempt at a scene has its own random numbers."""
    n = len(shapes)
    choices = CANVAS - SIZES[shapes] + 1  # (N, M, 2)
    positions = np.zeros((n, OBJECTS, 2), np.int64)
    left, attempt = np.arange(n), 0
    while left.size:
        attempt += 1
        bits = raw_bits(seed, (stream, attempt), n, 2 * OBJECTS)
        bits = rearrange(bits, "n (m xy) -> n m xy", xy=2)
        positions[left] = integers_below(choices[left], bits[left])
        left = left[_overlap(_cells(shapes[left], positions[left]))]
    return positions


def _cells(
    shapes: Int64[np.ndarray, "N M"], positions: Int64[np.ndarray, "N M 2"]
) -> Int64[np.ndarray, "N M 4 2"]:
    """(x, y) of the top left pixel of each cell."""
    return rearrange(positions, "n m xy -> n m 1 xy") + CELL * SHAPES[shapes]


def _overlap(cells: Int64[np.ndarray, "N M 4 2"]) -> Bool[np.ndarray, " N"]:
    """Whether any two pieces of a scene cover a pixel in common."""
    overlap = np.zeros(len(cells), bool)
    for a in range(OBJECTS):
        for b in range(a):
            one = rearrange(cells[:, a], "n c xy -> n c 1 xy")
            two = rearrange(cells[:, b], "n c xy -> n 1 c xy")
            overlap |= (np.abs(one - two) < CELL).all(axis=-1).any(axis=(1, 2))
    return overlap


def _draw(
    shapes: Int64[np.ndarray, "N M"],
    colors: Int64[np.ndarray, "N M"],
    positions: Int64[np.ndarray, "N M 2"],
) -> tuple[UInt8[np.ndarray, "N 3 H W"], UInt8[np.ndarray, "N H W"]]:
    """Images, and which piece each pixel belongs to."""
    n, side = len(shapes), np.arange(CELL)
    x, y = rearrange(_cells(shapes, positions), "n m c xy -> xy n m c 1 1")
    scene = rearrange(np.arange(n), "n -> n 1 1 1 1")
    where = (scene, y + rearrange(side, "h -> h 1"), x + side)
    segmentation = np.zeros((n, CANVAS, CANVAS), np.uint8)
    segmentation[where] = rearrange(np.arange(1, OBJECTS + 1), "m -> m 1 1 1")
    images = np.zeros((n, CANVAS, CANVAS, 3), np.uint8)
    shaded = np.minimum(rearrange(COLORS, "c rgb -> c 1 1 rgb"), rearrange(SHADES, "h w -> h w 1"))
    images[where] = rearrange(shaded[colors], "n m h w rgb -> n m 1 h w rgb")
    return np.ascontiguousarray(rearrange(images, "n h w c -> n c h w")), segmentation
