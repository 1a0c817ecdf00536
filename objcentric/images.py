"""Image files as 8-bit pixels of a canvas (`read_image`), and where files are (`image_files`)."""

import io
import os
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
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

_GREY = ("1", "L", "LA", "La")

_ORIENTATION, _ON_THEIR_SIDE = 0x0112, (5, 6, 7, 8)
"""EXIF's tag for how the camera was held, and its values for images to turn by a quarter."""


class BadImage(Exception):
    """A file cannot be used as an image; the message says why."""


@dataclass(frozen=True)
class Placement:
    """Where an image lies on the canvas that it was resized to.

    Attributes:
        size: height and width of the image, in pixels, turned as its EXIF orientation says.
        canvas: height and width of the canvas, in pixels.
        fit: what became of another aspect ratio.
        recolored: whether colour became grey, or grey colour.
    """

    size: tuple[int, int]
    canvas: tuple[int, int]
    fit: Fit
    recolored: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the image already was as the canvas is."""
        return self.size == self.canvas and not self.recolored

    def on_image(self, x: float, y: float) -> tuple[float, float]:
        """The point of the image that a point of the canvas shows, both in pixels."""
        (height, width), (canvas_height, canvas_width) = self.size, self.canvas
        across, down = canvas_width / width, canvas_height / height
        if self.fit != "stretch":
            across = down = min(across, down) if self.fit == "pad" else max(across, down)
        return (
            (x - canvas_width / 2) / across + width / 2,
            (y - canvas_height / 2) / down + height / 2,
        )


@dataclass(frozen=True)
class Canvas:
    """The images that a reader wants.

    Attributes:
        channels: 1 for grey (ITU-R 601 luma), 3 for RGB.
        size: height and width, in pixels.
        fit: what becomes of another aspect ratio: `pad` adds black bars, `crop` cuts off what is
            too long, `stretch` distorts.
        ground: what is seen through transparent pixels.
        invert: whether dark and bright are exchanged; bars that `pad` adds are black nevertheless.
    """

    channels: int
    size: tuple[int, int]
    fit: Fit = "pad"
    ground: Ground = "black"
    invert: bool = False

    def read(self, source: Path | bytes) -> tuple[UInt8[np.ndarray, "C H W"], Placement]:
        """The pixels of a PNG or JPEG file, turned as its EXIF orientation says and resized.

        Bilinear, antialiased. 16-bit grey is divided by 257. CMYK and palettes are turned into
        colours.

        Args:
            source: the file, or its content.

        Raises:
            BadImage: the file is damaged, is no PNG or JPEG, or has too many pixels.
        """
        from PIL import Image, ImageOps, UnidentifiedImageError  # slow to import

        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, of sizes that are refused below
                with Image.open(stream, formats=("PNG", "JPEG")) as opened:
                    width, height = opened.size
                    _refuse_bomb(opened.size)
                    turned = opened.getexif().get(_ORIENTATION, 1) in _ON_THEIR_SIDE
                    size = (width, height) if turned else (height, width)
                    grey = opened.mode in _GREY or opened.mode.startswith("I")
                    # JPEG can be decoded at 1/2, 1/4 or 1/8, which is many times as fast.
                    opened.draft(None, (4 * max(self.size), 4 * max(self.size)))
                    image = ImageOps.exif_transpose(_eight_bits(opened))
                    image = _without_transparency(image, self.ground)
            return self._pixels(image), self._placement(size, grey)
        except BadImage:
            raise
        except UnidentifiedImageError as error:
            raise BadImage("cannot identify it as a PNG or JPEG file") from error
        except Exception as error:  # a decoder may raise anything at all over a damaged file
            said = " ".join(str(error).split())
            raise BadImage(f"{type(error).__name__}: {said}") from error

    def draw(
        self, pixels: UInt8[np.ndarray, "H W C"]
    ) -> tuple[UInt8[np.ndarray, "channels h w"], Placement]:
        """Pixels in grey (`C` is 1) or RGB, resized like a file's."""
        from PIL import Image

        grey = pixels.shape[-1] == 1
        image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if grey else pixels))
        height, width = pixels.shape[:2]
        return self._pixels(image), self._placement((height, width), grey)

    def _placement(self, size: tuple[int, int], grey: bool) -> Placement:
        return Placement(size, self.size, self.fit, recolored=grey != (self.channels == 1))

    def _pixels(self, image: "Image") -> UInt8[np.ndarray, "C H W"]:
        from PIL import ImageOps

        image = image.convert("L" if self.channels == 1 else "RGB")
        image = ImageOps.invert(image) if self.invert else image
        pixels = np.asarray(_fitted(image, self.size, self.fit))
        form = "h w -> 1 h w" if self.channels == 1 else "h w c -> c h w"
        return np.ascontiguousarray(rearrange(pixels, form))


def read_image(
    path: Path,
    channels: int,
    size: tuple[int, int],
    fit: Fit = "pad",
    ground: Ground = "black",
    invert: bool = False,
) -> UInt8[np.ndarray, "C H W"]:
    """The pixels of a PNG or JPEG file on a canvas; see `Canvas`.

    Raises:
        BadImage: the file is damaged, is no PNG or JPEG, or has too many pixels.
    """
    return Canvas(channels, size, fit, ground, invert).read(path)[0]


def files_below(folder: Path) -> dict[str, Path]:
    """The files of a folder and its sub-folders, hidden ones left out, by their path below it."""
    return dict(sorted((_name(file, folder), file) for file in _walk(folder)))


def is_image(name: str) -> bool:
    """Whether a file's name ends like an image's."""
    return name.lower().endswith(ENDINGS)


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for file in files:
            if not file.startswith(".") and Path(here, file).is_file():
                yield Path(here, file)


def _name(file: Path, folder: Path) -> str:
    """The path below the folder. Systems differ in how they spell accents, which must not count."""
    return unicodedata.normalize("NFC", file.relative_to(folder).as_posix())


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
