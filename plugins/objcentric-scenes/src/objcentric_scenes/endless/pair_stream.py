"""Scenes of `multi_mnist`, by number and without end (`PairStream`)."""

from collections.abc import Collection

import torch
from einops import rearrange, repeat
from jaxtyping import Int64, Shaped
from torch import Tensor

from objcentric.interfaces import Sprites, TruthName
from objcentric_scenes.endless.bits import Bits, integers_below
from objcentric_scenes.endless.painting import Plane, add_up, segment_added
from objcentric_scenes.endless.resized import TensorResizer
from objcentric_scenes.endless.tensor_stream import ALL, TensorStream

PAIR = 2

COUNTS, DIGITS, CORNERS = range(3)
"""Purposes of random bits."""


class PairStream(TensorStream):
    """None, one or two digits of one size; its twin is the data set of `multi_mnist`.

    Args:
        sprites: grey digits.
        canvas: side of a scene, in pixels.
        digit: side of a resized digit, in pixels.
        seed: seed of the data.
    """

    def __init__(self, sprites: Sprites, *, canvas: int, digit: int, seed: int) -> None:
        super().__init__(seed)
        self.sprites = sprites
        self.canvas = canvas
        self.digit = digit
        self._resizers: dict[torch.device, TensorResizer] = {}

    def made(
        self, bits: Bits, known: Collection[TruthName] = ALL
    ) -> dict[str, Shaped[Tensor, "n ..."]]:
        counts = integers_below(PAIR + 1, bits.draw(COUNTS)[:, 0])
        present = torch.arange(PAIR, device=bits.device) < rearrange(counts, "n -> n 1")
        drawn = repeat(bits.draw(DIGITS, PAIR), "n 1 m -> n m two", two=2)
        stamps = self._on(bits.device).stamps(drawn, present)
        places = bits.draw(CORNERS, 2 * PAIR)[:, 0]
        corners = placed_pairs(places, self.canvas - self.digit, self.digit // 2)
        plane = Plane(stamps.ink, corners, self.canvas)
        white = stamps.ink.new_full((*present.shape, 1), 255)
        boxes = torch.cat([corners, corners + self.digit], dim=-1)
        found = {
            "images": add_up(plane, white).clamp(max=255).to(torch.uint8),
            "counts": counts,
            "boxes": torch.where(rearrange(present, "n m -> n m 1"), boxes, 0).float(),
            "labels": stamps.labels,
        }
        if "segmentation" in known:
            found["segmentation"] = segment_added(plane)
        return found

    def _on(self, device: torch.device) -> TensorResizer:
        if device not in self._resizers:
            self._resizers[device] = TensorResizer(self.sprites, {self.digit: 1}, True, device)
        return self._resizers[device]


def placed_pairs(bits: Int64[Tensor, "N 4"], positions: int, apart: int) -> Int64[Tensor, "N 2 2"]:
    """Pairs of objects that are apart in x and in y; its twin is `placement.place_pairs`."""
    first = integers_below(positions, bits[:, :2])
    before = (first - apart).clamp(min=0)  # positions left of the gap: [0, before)
    after = (first + apart).clamp(max=positions)  # and right of it: [after, positions)
    rank = integers_below(before + positions - after, bits[:, 2:])
    second = torch.where(rank < before, rank, rank - before + after)
    return torch.stack([first, second], dim=1)
