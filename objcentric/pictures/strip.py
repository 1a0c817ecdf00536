"""One image and what was found in it, side by side in a PNG (`draw_strip`).

Drawn pixel by pixel, because there may be thousands of images.
"""

from pathlib import Path

import numpy as np
from einops import rearrange, repeat
from jaxtyping import UInt8
from PIL import Image, ImageColor, ImageDraw
from torch import Tensor

from objcentric.files import whole_file
from objcentric.pictures.snapshot import Snapshot
from objcentric.pictures.style import step_color

SIDE = 240
"""Least height of the picture, in pixels."""

GAP = 6


def draw_strip(snapshot: Snapshot, scene: int, path: Path) -> Path:
    """Writes the image, its windows, its segments and its reconstruction, from left to right.

    Args:
        snapshot: images and what was found in them.
        scene: the image to draw.
        path: the PNG to write.
    """
    image = _pixels(snapshot.images[scene])
    cells = [image, _tinted(image, snapshot.segments[scene]), _pixels(snapshot.canvas[scene])]
    times = -(-SIDE // len(image))
    drawn = [_enlarged(cell, times) for cell in cells]
    if snapshot.boxes is not None:
        drawn.insert(1, _with_windows(_enlarged(image, times), snapshot, scene, times))
    width, height = drawn[0].size
    strip = Image.new("RGB", (len(drawn) * (width + GAP) - GAP, height), "white")
    for number, cell in enumerate(drawn):
        strip.paste(cell, (number * (width + GAP), 0))
    with whole_file(path) as temporary:
        strip.save(temporary, format="png")
    return path


def _pixels(image: UInt8[Tensor, "C H W"]) -> UInt8[np.ndarray, "H W 3"]:
    pixels = rearrange(image.numpy(), "c h w -> h w c")
    return repeat(pixels, "h w 1 -> h w 3") if pixels.shape[-1] == 1 else pixels


def _tinted(
    image: UInt8[np.ndarray, "H W 3"], segments: UInt8[Tensor, "H W"]
) -> UInt8[np.ndarray, "H W 3"]:
    """The image with each slot's pixels in its colour; the background stays as it is."""
    tinted = image.astype(np.float32)
    for slot in range(int(segments.max())):
        inside = (segments == slot + 1).numpy()
        color = np.array(ImageColor.getrgb(step_color(slot)), np.float32)
        tinted[inside] = 0.35 * tinted[inside] + 0.65 * color
    return tinted.round().astype(np.uint8)


def _enlarged(pixels: UInt8[np.ndarray, "H W 3"], times: int) -> Image.Image:
    height, width, _ = pixels.shape
    enlarged = (width * times, height * times)
    return Image.fromarray(pixels).resize(enlarged, Image.Resampling.NEAREST)


def _with_windows(image: Image.Image, snapshot: Snapshot, scene: int, times: int) -> Image.Image:
    assert snapshot.boxes is not None
    draw = ImageDraw.Draw(image)
    for slot in snapshot.presence[scene].nonzero().flatten().tolist():
        x0, y0, x1, y1 = (round(float(value) * times) for value in snapshot.boxes[scene, slot])
        if x1 > x0 and y1 > y0:
            draw.rectangle((x0, y0, x1, y1), outline=step_color(slot), width=3)
    return image
