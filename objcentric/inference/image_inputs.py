"""Images that a user names: files, folders, arrays and standard input (`ImageInputs`)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from objcentric.images import ENDINGS, BadImage, Canvas, Placement, files_below, is_image
from objcentric.inference.image_batch import BadArray, drawn_images, rows_of_images

STDIN = "-"


@dataclass(frozen=True)
class NamedImage:
    """An image that fits a model.

    Attributes:
        name: the path as the user named it, below a folder the path to it; `array.npy[3]` for a row
            of an array.
        pixels: the pixels on the model's canvas.
        placement: where the image lies on the canvas.
    """

    name: str
    pixels: UInt8[np.ndarray, "C H W"]
    placement: Placement


@dataclass(frozen=True)
class Unreadable:
    """An input that holds no image.

    Attributes:
        name: what the user named, or a file in a folder.
        reason: why, in one line.
    """

    name: str
    reason: str


class ImageInputs:
    """All images of what a user names, in order; what cannot be read is said in its place.

    Args:
        sources: files, folders, `.npy` files, or `-` for one image from standard input.
        canvas: what the model takes.
        stdin: reads what `-` stands for.
    """

    def __init__(self, sources: Sequence[str], canvas: Canvas, stdin: Callable[[], bytes]) -> None:
        self.canvas = canvas
        self.stdin = stdin
        self.parts: list[str | Path | _Rows | Unreadable] = []
        for source in sources:
            self.parts += self._parts(source)

    def __len__(self) -> int:
        return sum(len(part) if isinstance(part, _Rows) else 1 for part in self.parts)

    def __iter__(self) -> Iterator[NamedImage | Unreadable]:
        for part in self.parts:
            if isinstance(part, Unreadable):
                yield part
            elif isinstance(part, _Rows):
                yield from part.images(self.canvas)
            else:
                yield self._read(part)

    def _parts(self, source: str) -> "list[str | Path | _Rows | Unreadable]":
        path = Path(source).expanduser()
        if source == STDIN:
            return [STDIN]
        if path.is_dir():
            found: list[str | Path | _Rows | Unreadable] = [
                file for name, file in files_below(path).items() if is_image(name)
            ]
            return found or [Unreadable(source, f"holds no image ({', '.join(ENDINGS)})")]
        if not path.exists():
            return [Unreadable(source, "does not exist")]
        if path.suffix.lower() == ".npz":
            return [Unreadable(source, "may hold several arrays; numpy.save writes one to .npy")]
        if path.suffix.lower() == ".npy":
            return [_rows(path, source, self.canvas)]
        return [path]

    def _read(self, source: str | Path) -> NamedImage | Unreadable:
        name = str(source)
        try:
            content = self.stdin() if isinstance(source, str) else source
            return NamedImage(name, *self.canvas.read(content))
        except BadImage as error:
            return Unreadable(name, str(error))


class _Rows:
    """The images of an array file, which is mapped and not read as a whole."""

    def __init__(self, name: str, images: np.ndarray) -> None:
        self.name = name
        self.array = images

    def __len__(self) -> int:
        return len(self.array)

    def images(self, canvas: Canvas) -> Iterator[NamedImage | Unreadable]:
        for number in range(len(self.array)):
            name = f"{self.name}[{number}]"
            try:
                ((pixels, placement),) = drawn_images(self.array[number : number + 1], canvas)
            except BadArray as error:  # the others will be no better
                yield Unreadable(name, str(error))
                return
            yield NamedImage(name, pixels, placement)


def _rows(path: Path, name: str, canvas: Canvas) -> "_Rows | Unreadable":
    try:
        # Maps the file. Unlike numpy.load, it can never load pickled objects.
        found = np.lib.format.open_memmap(path, mode="r")
        return _Rows(name, rows_of_images(found, (canvas.channels, *canvas.size)))
    except BadArray as error:
        return Unreadable(name, str(error))
    except (OSError, ValueError, EOFError, SyntaxError, OverflowError, MemoryError) as error:
        if "Python objects" in str(error):
            return Unreadable(name, "holds Python objects, not numbers; these are never loaded")
        return Unreadable(name, f"is no array file: {' '.join(str(error).split())}")
