"""One PNG or JPEG file as 8-bit pixels of a canvas (`read_image`)."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from einops import rearrange
from jaxtyping import UInt8

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg")

MOST_PIXELS = 100_000_000
"""A file that claims more pixels is refused before it is decompressed; cameras have up to this."""

Fit: TypeAlias = Literal["pad", "crop", "stretch"]
Ground: TypeAlias = Literal["black", "white"]


class BadImage(Exception):
    """A file cannot be used as an image; the message says why."""


def read_image(
    path: Path,
    channels: int,
    size: tuple[int, int],
    fit: Fit = "pad",
    ground: Ground = "black",
    invert: bool = False,
) -> UInt8[np.ndarray, "C H W"]:
    """The pixels of a file, turned as its EXIF orientation says and resized to the canvas.

    Bilinear, antialiased. 16-bit grey is divided by 257. CMYK and palettes are turned into colours.

    Args:
        path: the file.
        channels: 1 for grey (ITU-R 601 luma), 3 for RGB.
        size: height and width of the canvas, in pixels.
        fit: what becomes of another aspect ratio; see `Folder`.
        ground: what is seen through transparent pixels.
        invert: whether dark and bright are exchanged; bars that `pad` adds are black nevertheless.

    Raises:
        BadImage: the file is damaged, is no PNG or JPEG, or has too many pixels.
    """
    from PIL import Image, ImageOps  # slow to import

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, and of sizes that are refused below
            with Image.open(path, formats=("PNG", "JPEG")) as opened:
                _refuse_bomb(opened.size)
                # JPEG can be decoded at 1/2, 1/4 or 1/8, which is many times as fast.
                opened.draft(None, (4 * max(size), 4 * max(size)))
                image = _without_transparency(ImageOps.exif_transpose(_eight_bits(opened)), ground)
        image = image.convert("L" if channels == 1 else "RGB")
        image = _fitted(ImageOps.invert(image) if invert else image, size, fit)
    except BadImage:
        raise
    except Exception as error:  # a decoder may raise anything at all over a damaged file
        raise BadImage(f"{type(error).__name__}: {error}") from error
    pixels = np.asarray(image)
    form = "h w -> 1 h w" if channels == 1 else "h w c -> c h w"
    return np.ascontiguousarray(rearrange(pixels, form))


def _refuse_bomb(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise BadImage(f"{width}×{height} pixels are more than {MOST_PIXELS:,}")


def _eight_bits(image: "Image") -> "Image":
    """The image with 8 bits per channel. Pillow's own conversion clips 16-bit grey at 255."""
    if not image.mode.startswith("I"):
        return image
    from PIL import Image

    grey = (np.asarray(image).astype(np.int64).clip(0, 65535) + 128) // 257
    eight = Image.fromarray(grey.astype(np.uint8))
    eight.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return eight


def _without_transparency(image: "Image", ground: Ground) -> "Image":
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image
    from PIL import Image

    image = image.convert("RGBA")
    behind = Image.new("RGBA", image.size, ground)
    return Image.alpha_composite(behind, image)


def _fitted(image: "Image", size: tuple[int, int], fit: Fit) -> "Image":
    from PIL import Image, ImageOps

    size, bilinear = (size[1], size[0]), Image.Resampling.BILINEAR
    match fit:
        case "pad":
            return ImageOps.pad(image, size, bilinear, color=0)
        case "crop":
            return ImageOps.fit(image, size, bilinear)
        case "stretch":
            return image.resize(size, bilinear)
