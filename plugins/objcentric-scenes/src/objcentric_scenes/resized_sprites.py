"""Sprites resized to a random side (`ResizedSprites`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Int64, UInt8, UInt64

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.digest import content_sha256
from objcentric_scenes.endless.resized import TensorResizer
from objcentric_scenes.randomness import integers_below, weighted_choice
from objcentric_scenes.resampling import resize, triangle
from objcentric_scenes.stamps import StampMaker, Stamps, StampSource, tight_boxes


def equally_likely(smallest: int, largest: int) -> dict[int, int]:
    """The same weight for each side of a range.

    Raises:
        ObjcentricError: the range is empty.
    """
    if smallest > largest:
        raise ObjcentricError(
            f"the smallest side, {smallest} pixels, is above the largest, {largest} pixels"
        )
    return dict.fromkeys(range(smallest, largest + 1), 1)


@dataclass(frozen=True)
class ResizedSprites(StampSource):
    """Sprites of a source, resized as in `multi_mnist`: bilinear, antialiased, 8 bits.

    A sprite is drawn uniformly. Its box is the resized image with its margin, or without it.
    Attribute: `side` of the resized image, in pixels.

    Attributes:
        source: source of grey sprites.
        weights: weight of each side, in pixels.
        margins: whether empty margins belong to a sprite. Without them, its ink is placed.
    """

    source: SpriteSource
    weights: Mapping[int, int]
    margins: bool = True

    @property
    def largest(self) -> int:
        return max(self.weights)

    def maker(self, split: Split) -> StampMaker:
        sprites = self.source.sprites(split)
        channels = sprites.images.shape[1]
        if channels != 1:
            raise ObjcentricError(
                f"sprites must be grey, with 1 channel, but those of "
                f"{type(self.source).__name__} have {channels}"
            )
        return _Resizer(sprites, self.weights, self.margins)


@dataclass(frozen=True)
class _Resizer(StampMaker):
    sprites: Sprites
    weights: Mapping[int, int]
    margins: bool

    @property
    def columns(self) -> int:
        return 2  # which sprite, which side

    @property
    def identity(self) -> str:
        options = [sorted(self.weights.items()), self.margins]
        return content_sha256(json.dumps(options), vars(self.sprites))

    def on(self, device: torch.device) -> TensorResizer:
        return TensorResizer(self.sprites, self.weights, self.margins, device)

    def stamps(
        self, bits: UInt64[np.ndarray, "N M columns"], present: Bool[np.ndarray, "N M"]
    ) -> Stamps:
        chosen = integers_below(len(self.sprites.images), bits[..., 0])
        values = np.array(list(self.weights), np.int64)
        sides = values[weighted_choice(list(self.weights.values()), bits[..., 1])]
        sides = np.where(present, sides, 0)
        ink, sizes = self._ink(chosen, sides), repeat(sides, "n m -> n m 2")
        if not self.margins:
            ink, sizes = _without_margins(ink)
        return Stamps(
            ink=ink,
            sizes=sizes,
            boxes=np.concatenate([np.zeros_like(sizes), sizes], axis=-1),
            labels=np.where(present, self.sprites.labels.numpy()[chosen], -1),
            attributes={"side": sides},
        )

    def _ink(
        self, chosen: Int64[np.ndarray, "N M"], sides: Int64[np.ndarray, "N M"]
    ) -> UInt8[np.ndarray, "N M S S"]:
        pixels = rearrange(self.sprites.images.numpy(), "n 1 h w -> n h w")
        largest = max(self.weights)
        ink = np.zeros((*chosen.shape, largest, largest), np.uint8)
        for side in self.weights:
            scene, m = (sides == side).nonzero()
            ink[scene, m, :side, :side] = resize(pixels[chosen[scene, m]], side, triangle)
        return ink


def _without_margins(
    ink: UInt8[np.ndarray, "N M S S"],
) -> tuple[UInt8[np.ndarray, "N M S S"], Int64[np.ndarray, "N M 2"]]:
    """Ink that starts in the top left corner, and its width and height."""
    x0, y0, x1, y1 = rearrange(tight_boxes(ink), "n m four -> four n m 1")
    step, side = np.arange(ink.shape[-1]), ink.shape[-1]
    # What is before the ink is empty, and goes behind it.
    rows = rearrange((y0 + step) % side, "n m h -> n m h 1")
    columns = rearrange((x0 + step) % side, "n m w -> n m 1 w")
    moved = np.take_along_axis(np.take_along_axis(ink, rows, axis=2), columns, axis=3)
    return moved, np.concatenate([x1 - x0, y1 - y0], axis=-1)
