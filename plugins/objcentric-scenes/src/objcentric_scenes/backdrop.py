"""A picture behind all scenes of a data set (`shared_picture`), in integer arithmetic."""

import numpy as np
from einops import rearrange
from jaxtyping import Int64, UInt8

from objcentric_scenes.randomness import integers_below, raw_bits

BRIGHTEST = 160
"""Highest intensity of the picture, of 255, so that white objects stand out everywhere."""

CELLS = 4
"""Cells along each side, with a random level at each corner."""

_STREAM = 3
"""Random bits of the picture. Splits have 0 to 2, and all splits share the picture."""


def shared_picture(side: int, channels: int, seed: int) -> UInt8[np.ndarray, "H W C"]:
    """A smooth picture: random levels on a grid, bilinear between them, for each channel.

    Args:
        side: height and width, in pixels.
        channels: 1 or 3.
        seed: seed of the data.
    """
    corners = CELLS + 1
    bits = raw_bits(seed, _STREAM, corners * corners, channels)
    levels = rearrange(integers_below(BRIGHTEST + 1, bits), "(y x) c -> y x c", y=corners)
    smooth = _between(levels, side)  # along y
    smooth = rearrange(_between(rearrange(smooth, "y x c -> x y c"), side), "x y c -> y x c")
    return (smooth // side**2).astype(np.uint8)


def _between(levels: Int64[np.ndarray, "corners n C"], side: int) -> Int64[np.ndarray, "side n C"]:
    """Levels at each pixel along the first axis, times `side`."""
    cell, part = np.divmod(np.arange(side) * CELLS, side)
    weight = rearrange(part, "side -> side 1 1")
    return (side - weight) * levels[cell] + weight * levels[cell + 1]
