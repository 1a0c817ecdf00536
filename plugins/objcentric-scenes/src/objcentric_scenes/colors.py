"""Colours of objects and backgrounds, in integer arithmetic."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from einops import rearrange, repeat
from jaxtyping import UInt8, UInt64

from objcentric.errors import ObjcentricError
from objcentric_scenes.randomness import integers_below

ObjectColors = Literal["white", "rgb", "hsv"]
"""White; red, green and blue uniform over 0…255; or any hue with at least half of the saturation
and of the brightness."""

Background = Literal["black", "grey", "rgb", "picture"]
"""Black; a grey level, uniform over 0…255; red, green and blue uniform over 0…255; or one smooth
picture behind all scenes (`backdrop.shared_picture`)."""

COLUMNS = 3
"""How many random numbers a colour takes."""

ATTEMPTS = 1000
"""How often a colour is drawn before the contrast is taken to be impossible."""

SECTOR = 256
"""Steps of hue between neighbouring primary and secondary colours."""


def object_colors(
    scheme: ObjectColors,
    ground: UInt8[np.ndarray, "N C"],
    contrast: int,
    bits: Callable[[int], UInt64[np.ndarray, "N M 3"]],
) -> UInt8[np.ndarray, "N M C"]:
    """Colours of objects. Those too similar to the background are drawn again.

    Args:
        scheme: which colours there are.
        ground: colours of the backgrounds.
        contrast: smallest distance from the background, in thousandths of 255.
        bits: random bits of each attempt.

    Raises:
        ObjcentricError: no colour has enough contrast.
    """
    colors = _draw(scheme, ground.shape[-1], bits(0))
    for attempt in range(1, ATTEMPTS):
        shift = colors.astype(np.int64) - rearrange(ground, "n c -> n 1 c")
        similar = 1000**2 * (shift**2).sum(axis=-1) < (255 * contrast) ** 2
        if not similar.any():
            return colors
        colors[similar] = _draw(scheme, ground.shape[-1], bits(attempt))[similar]
    raise no_contrast(scheme, contrast)


def no_contrast(scheme: ObjectColors, contrast: int) -> ObjcentricError:
    """The error for colours that never differ enough from the background."""
    return ObjcentricError(
        f"objects with colours {scheme!r} do not differ from all backgrounds by a contrast of "
        f"{contrast / 1000}; use a smaller contrast or other colours"
    )


def background_colors(
    scheme: Background, channels: int, bits: UInt64[np.ndarray, "*n 3"]
) -> UInt8[np.ndarray, "*n C"]:
    """Colours of backgrounds, one for each row of random bits; black behind a picture."""
    if scheme == "rgb":
        return _rgb(bits)
    level = integers_below(256, bits[..., 0]) if scheme == "grey" else np.zeros(bits.shape[:-1])
    return repeat(level.astype(np.uint8), "... -> ... c", c=channels)


def _draw(
    scheme: ObjectColors, channels: int, bits: UInt64[np.ndarray, "*n 3"]
) -> UInt8[np.ndarray, "*n C"]:
    if scheme == "white":
        return np.full((*bits.shape[:-1], channels), 255, np.uint8)
    return _rgb(bits) if scheme == "rgb" else _hsv(bits)


def _rgb(bits: UInt64[np.ndarray, "*n 3"]) -> UInt8[np.ndarray, "*n 3"]:
    return integers_below(256, bits).astype(np.uint8)


def _hsv(bits: UInt64[np.ndarray, "*n 3"]) -> UInt8[np.ndarray, "*n 3"]:
    """Hue uniform over the circle, saturation and brightness uniform over 128…255."""
    hue = integers_below(6 * SECTOR, bits[..., 0])
    saturation, value = (128 + integers_below(128, bits[..., i]) for i in (1, 2))
    # Red has full strength up to a third of a half circle away; green and blue are turned by a
    # third of the circle.
    channels = []
    for turn in (0, 4, 2):
        distance = np.abs((hue + turn * SECTOR) % (6 * SECTOR) - 3 * SECTOR)  # from cyan
        strength = (distance - SECTOR).clip(0, SECTOR)  # 0…256
        lost = saturation * (SECTOR - strength)  # of 255·256
        channels.append(value * (255 * SECTOR - lost) // (255 * SECTOR))
    return np.stack(channels, axis=-1).astype(np.uint8)
