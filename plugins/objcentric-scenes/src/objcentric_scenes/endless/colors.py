"""Colours of objects and backgrounds on a device; the twin is `objcentric_scenes.colors`."""

import torch
from einops import repeat
from jaxtyping import Int64, UInt8
from torch import Tensor

from objcentric_scenes import colors
from objcentric_scenes.colors import COLUMNS, SECTOR, Background, ObjectColors, no_contrast
from objcentric_scenes.endless.bits import Bits, integers_below


def object_colors(
    scheme: ObjectColors,
    objects: int,
    ground: UInt8[Tensor, "N C"],
    contrast: int,
    bits: Bits,
    purpose: int,
) -> UInt8[Tensor, "N M C"]:
    """Colours of objects. Those too similar to the background are drawn again.

    Args:
        scheme: which colours there are.
        objects: number of objects of a scene.
        ground: colours of the backgrounds.
        contrast: smallest distance from the background, in thousandths of 255.
        bits: random bits of the scenes.
        purpose: purpose of the bits for colours.

    Raises:
        ObjcentricError: no colour has enough contrast.
    """
    shape = (len(ground), objects, ground.shape[-1])
    if scheme == "white" and not contrast:
        return ground.new_full(shape, 255)
    found = ground.new_zeros(shape)
    similar = torch.ones(shape[:2], dtype=torch.bool, device=ground.device)
    for attempt in range(colors.ATTEMPTS):
        drawn = bits.draw(purpose, objects, COLUMNS, attempts=range(attempt, attempt + 1))
        found = torch.where(similar[..., None], _drawn(scheme, shape[-1], drawn[:, 0]), found)
        shift = found.long() - ground.long()[:, None]
        similar = THOUSAND_SQUARED * (shift**2).sum(dim=-1) < (255 * contrast) ** 2
        if not contrast or not similar.any():
            return found
    raise no_contrast(scheme, contrast)


THOUSAND_SQUARED = 1000**2


def background_colors(
    scheme: Background, channels: int, bits: Int64[Tensor, "N 3"]
) -> UInt8[Tensor, "N C"]:
    """Colours of backgrounds, one for each row of random bits; black behind a picture."""
    if scheme == "rgb":
        return _rgb(bits)
    level = integers_below(256, bits[..., 0]) if scheme == "grey" else bits[..., 0] * 0
    return repeat(level.to(torch.uint8), "n -> n c", c=channels)


def _drawn(
    scheme: ObjectColors, channels: int, bits: Int64[Tensor, "*n 3"]
) -> UInt8[Tensor, "*n C"]:
    if scheme == "white":
        return torch.full((*bits.shape[:-1], channels), 255, dtype=torch.uint8, device=bits.device)
    return _rgb(bits) if scheme == "rgb" else _hsv(bits)


def _rgb(bits: Int64[Tensor, "*n 3"]) -> UInt8[Tensor, "*n 3"]:
    return integers_below(256, bits).to(torch.uint8)


def _hsv(bits: Int64[Tensor, "*n 3"]) -> UInt8[Tensor, "*n 3"]:
    """Hue uniform over the circle, saturation and brightness uniform over 128…255."""
    hue = integers_below(6 * SECTOR, bits[..., 0])
    saturation, value = (128 + integers_below(128, bits[..., i]) for i in (1, 2))
    channels = []
    for turn in (0, 4, 2):
        distance = ((hue + turn * SECTOR) % (6 * SECTOR) - 3 * SECTOR).abs()  # from cyan
        strength = (distance - SECTOR).clamp(0, SECTOR)  # 0…256
        lost = saturation * (SECTOR - strength)  # of 255·256
        channels.append(value * (255 * SECTOR - lost) // (255 * SECTOR))
    return torch.stack(channels, dim=-1).to(torch.uint8)
