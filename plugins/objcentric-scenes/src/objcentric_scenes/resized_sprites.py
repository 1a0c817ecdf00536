"""Sprites resized to a random side (`ResizedSprites`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Int64, UInt8, UInt64

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.digest import content_sha256
from objcentric_scenes.randomness import integers_below, weighted_choice
from objcentric_scenes.resampling import resize, triangle
from objcentric_scenes.stamps import StampMaker, Stamps, StampSource


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

    A sprite is drawn uniformly. Its box is the resized image with its margin.

    Attributes:
        source: source of grey sprites.
        weights: weight of each side, in pixels.
    """

    source: SpriteSource
    weights: Mapping[int, int]

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
        return _Resizer(sprites, self.weights)


@dataclass(frozen=True)
class _Resizer(StampMaker):
    sprites: Sprites
    weights: Mapping[int, int]

    @property
    def columns(self) -> int:
        return 2  # which sprite, which side

    @property
    def identity(self) -> str:
        return content_sha256(json.dumps(sorted(self.weights.items())), vars(self.sprites))

    def stamps(
        self, bits: UInt64[np.ndarray, "N M columns"], present: Bool[np.ndarray, "N M"]
    ) -> Stamps:
        chosen = integers_below(len(self.sprites.images), bits[..., 0])
        values = np.array(list(self.weights), np.int64)
        sides = values[weighted_choice(list(self.weights.values()), bits[..., 1])]
        sides = np.where(present, sides, 0)
        corner = np.zeros_like(sides)
        return Stamps(
            ink=self._ink(chosen, sides),
            sides=sides,
            boxes=np.stack([corner, corner, sides, sides], axis=-1),
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
