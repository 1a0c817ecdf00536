"""Colours of objects and backgrounds, in integer arithmetic."""

from typing import Literal

import numpy as np
from einops import repeat
from jaxtyping import UInt8, UInt64

from objcentric_scenes.randomness import integers_below

ObjectColors = Literal["white", "rgb", "hsv"]
"""White; red, green and blue uniform over 0…255; or any hue with at least half of the saturation
and of the brightness."""

Background = Literal["black", "grey", "rgb"]
"""Black; a grey level, uniform over 0…255; or red, green and blue uniform over 0…255."""

COLUMNS = 3
"""How many random numbers a colour takes."""

_SECTOR = 256
"""Steps of hue between neighbouring primary and secondary colours."""


def object_colors(
    scheme: ObjectColors, channels: int, bits: UInt64[np.ndarray, "*n 3"]
) -> UInt8[np.ndarray, "*n C"]:
    """Colours of objects, one for each row of random bits."""
    if scheme == "white":
        return np.full((*bits.shape[:-1], channels), 255, np.uint8)
    return _rgb(bits) if scheme == "rgb" else _hsv(bits)


def background_colors(
    scheme: Background, channels: int, bits: UInt64[np.ndarray, "*n 3"]
) -> UInt8[np.ndarray, "*n C"]:
    """Colours of backgrounds, one for each row of random bits."""
    if scheme == "rgb":
        return _rgb(bits)
    level = integers_below(256, bits[..., 0]) if scheme == "grey" else np.zeros(bits.shape[:-1])
    return repeat(level.astype(np.uint8), "... -> ... c", c=channels)


def _rgb(bits: UInt64[np.ndarray, "*n 3"]) -> UInt8[np.ndarray, "*n 3"]:
    return integers_below(256, bits).astype(np.uint8)


def _hsv(bits: UInt64[np.ndarray, "*n 3"]) -> UInt8[np.ndarray, "*n 3"]:
    """Hue uniform over the circle, saturation and brightness uniform over 128…255."""
    hue = integers_below(6 * _SECTOR, bits[..., 0])
    saturation, value = (128 + integers_below(128, bits[..., i]) for i in (1, 2))
    # Red has full strength up to a third of a half circle away; green and blue are turned by a
    # third of the circle.
    channels = []
    for turn in (0, 4, 2):
        distance = np.abs((hue + turn * _SECTOR) % (6 * _SECTOR) - 3 * _SECTOR)  # from cyan
        strength = (distance - _SECTOR).clip(0, _SECTOR)  # 0…256
        lost = saturation * (_SECTOR - strength)  # of 255·256
        channels.append(value * (255 * _SECTOR - lost) // (255 * _SECTOR))
    return np.stack(channels, axis=-1).astype(np.uint8)
