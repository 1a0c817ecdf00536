"""Multi-MNIST: none, one or two digits on a black canvas."""

import json

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Int64, UInt8
from pydantic import NonNegativeInt, PositiveInt

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource, Split, Sprites, SpriteSource
from objcentric_scenes.digest import content_sha256, sealed
from objcentric_scenes.endless.pair_stream import PairStream
from objcentric_scenes.placement import place_pairs
from objcentric_scenes.randomness import integers_below, raw_bits
from objcentric_scenes.resampling import resize, triangle
from objcentric_scenes.scene_cache import cached_scenes

MAX_OBJECTS = 2
"""At most two digits: a third one that keeps its distance from both would often not fit."""

NAME = "multi_mnist"
VERSION = 1
"""To be raised whenever the same options give other scenes."""


class MultiMnist(SceneSource):
    """Multi-MNIST: none, one or two digits on a black canvas, equally often (Eslami et al. 2016,
    section 3.1).

    A digit is drawn uniformly and resized (bilinear, antialiased, rounded to 8 bits). With the
    default sizes, the first digit's centre c is uniform over 12…37 in x and in y. The x and y of
    the second digit are each uniform over the part of that range outside [c - 12, c + 12). Boxes
    therefore share a corner of 12×12 pixels at most, which is mostly margin. Pixels add up and are
    clipped at 255.

    A box encloses the resized digit with its margin, not only its ink: it is `digit` pixels wide
    and high. A pixel belongs to the object with most ink there. A smaller data set is the beginning
    of a larger one. Random numbers, resizing and placement use integer arithmetic, so the scenes
    depend on nothing but the options and the pixels of the digits.

    Args:
        digits: source of the digits. Test scenes show its test split. Validation scenes show the
            same digits as training scenes, in other scenes.
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        canvas: side of a scene, in pixels; more than twice `digit`.
        digit: side of a resized digit, in pixels.
        seed: seed of the data, not of the run.
        endless: whether training scenes are made while training, others in every epoch.

    Raises:
        ObjcentricError: two digits do not always fit.
    """

    def __init__(
        self,
        *,
        digits: SpriteSource,
        train: PositiveInt = 10000,
        validation: PositiveInt = 2000,
        test: PositiveInt = 2000,
        canvas: PositiveInt = 50,
        digit: PositiveInt = 24,
        seed: NonNegativeInt = 0,
        endless: bool = False,
    ) -> None:
        if canvas <= 2 * digit:
            raise ObjcentricError(
                f"a canvas of {canvas} pixels does not always hold two digits of {digit} pixels; "
                f"canvas must be at least {2 * digit + 1}, or digit at most {(canvas - 1) // 2}"
            )
        self.digits = digits
        self.sizes: dict[Split, int] = {
            "train": train,
            "validation": validation,
            "test": test,
        }
        self.canvas = canvas
        self.digit = digit
        self.seed = seed
        self.endless = endless

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (1, self.canvas, self.canvas)

    def scenes(self, split: Split) -> Scenes:
        sprites = self.digits.sprites(split)
        _check_grey(sprites)
        if self.endless and split == "train":
            stream = PairStream(sprites, canvas=self.canvas, digit=self.digit, seed=self.seed)
            return stream.first(self.sizes[split], _PROTOCOL)
        return cached_scenes(
            self._cache_name(split, sprites), _PROTOCOL, lambda: self._generate(split, sprites)
        )

    def _cache_name(self, split: Split, sprites: Sprites) -> str:
        """A file name that changes with every option and every pixel of a digit."""
        options = {
            "scenes": self.sizes[split],
            "canvas": self.canvas,
            "digit": self.digit,
            "seed": self.seed,
            "split": split,
        }
        title = f"{_PROTOCOL} {json.dumps(options, sort_keys=True)}"
        return f"{NAME}-v{VERSION}-{split}-{content_sha256(title, vars(sprites))[:24]}"

    def _generate(self, split: Split, sprites: Sprites) -> Scenes:
        """Makes the scenes. Each uses one row of random bits, whatever it holds."""
        bits = raw_bits(self.seed, _STREAMS[split], self.sizes[split], 1 + 3 * MAX_OBJECTS)
        counts = integers_below(MAX_OBJECTS + 1, bits[:, 0])
        chosen = integers_below(len(sprites.images), bits[:, 1 : 1 + MAX_OBJECTS])
        corners = place_pairs(bits[:, 1 + MAX_OBJECTS :], self.canvas - self.digit, self.digit // 2)
        present = np.arange(MAX_OBJECTS) < rearrange(counts, "n -> n 1")  # (N, M)
        boxes = np.concatenate([corners, corners + self.digit], axis=-1)
        images, segmentation = self._draw(sprites, present, chosen, corners)
        arrays = {
            "images": images,
            "counts": counts,
            "boxes": np.where(rearrange(present, "n m -> n m 1"), boxes, 0).astype(np.float32),
            "labels": np.where(present, sprites.labels.numpy()[chosen], -1),
            "segmentation": segmentation,
        }
        return sealed(_PROTOCOL, {name: torch.from_numpy(value) for name, value in arrays.items()})

    def _draw(
        self,
        sprites: Sprites,
        present: np.ndarray,
        chosen: Int64[np.ndarray, "N M"],
        corners: Int64[np.ndarray, "N M 2"],
    ) -> tuple[UInt8[np.ndarray, "N 1 H W"], UInt8[np.ndarray, "N H W"]]:
        """Images of the added digits, and the segmentation by the strongest ink."""
        pixels = rearrange(sprites.images.numpy(), "n 1 h w -> n h w")
        shape = (len(chosen), self.canvas, self.canvas)
        total, strongest = np.zeros(shape, np.uint16), np.zeros(shape, np.uint8)
        segmentation = np.zeros(shape, np.uint8)
        offset = np.arange(self.digit)
        for m in range(MAX_OBJECTS):
            (scene,) = present[:, m].nonzero()
            x, y = rearrange(corners[scene, m], "n xy -> xy n")
            where = (
                rearrange(scene, "n -> n 1 1"),
                rearrange(y, "n -> n 1 1") + rearrange(offset, "h -> 1 h 1"),
                rearrange(x, "n -> n 1 1") + rearrange(offset, "w -> 1 1 w"),
            )
            layer = np.zeros(shape, np.uint8)
            layer[where] = resize(pixels[chosen[scene, m]], self.digit, triangle)
            total += layer
            segmentation[layer > strongest] = m + 1
            strongest = np.maximum(strongest, layer)
        images = total.clip(max=255).astype(np.uint8)
        return rearrange(images, "n h w -> n 1 h w"), segmentation


_PROTOCOL = f"{NAME} version {VERSION}"
_STREAMS: dict[Split, int] = {"train": 0, "test": 1, "validation": 2}


def _check_grey(sprites: Sprites) -> None:
    channels = sprites.images.shape[1]
    if channels != 1:
        raise ObjcentricError(
            f"multi_mnist draws gray digits with 1 channel, but its digits have {channels}"
        )
