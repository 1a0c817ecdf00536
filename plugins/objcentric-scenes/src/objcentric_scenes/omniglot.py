"""The handwritten characters of Omniglot (`Omniglot`)."""

import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
import torch
from einops import rearrange
from jaxtyping import UInt8

from objcentric.errors import DataUnavailable
from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric_scenes.cache_folder import cache_folder
from objcentric_scenes.omniglot_alphabets import ALPHABETS, SMALL, split_of

SIDE = 105
DRAWINGS = 20
"""Each character was drawn once by each of 20 people."""

FOLDERS = ("omniglot", "omniglot-py")
"""Where files are looked for below the data folder; the second is torchvision's."""

SOURCES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "small": (
        ("images_background_small1", "images_background_small2"),
        ("images_background",),
    ),
    "all": (("images_background", "images_evaluation"),),
}
"""Alternatives of what holds a collection: zip files, or the folders that they unpack to."""

_LARGEST = 1_000_000
"""No drawing has as many bytes; a larger file in an archive is not unpacked."""

# What zipfile raises for files that are damaged, compressed in another way, or encrypted.
_UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)

_Drawings = dict[tuple[str, str], dict[str, bytes]]
"""PNG files by alphabet and character, and by file name."""


class Omniglot(SpriteSource):
    """Omniglot's handwritten characters, 105×105, white strokes on black (Lake et al. 2015,
    10.1126/science.aab3050; github.com/brendenlake/omniglot).

    Alphabets are parted, so that no split shows a character of another one: see
    `omniglot_alphabets`. A label is a character, numbered through all alphabets of the collection
    in alphabetical order; each has 20 drawings.

    Files are read from the folder `omniglot` or `omniglot-py` in the folder that the environment
    variable `OBJCENTRIC_DATA` names, or else in the cache folder: the zip files as published, or
    the folders that torchvision unpacks. Nothing is written or downloaded.

    Args:
        collection: `small`: the eight alphabets of the two small background sets (242 characters).
            `all`: the 50 alphabets of background and evaluation set (1,623 characters).
    """

    def __init__(self, *, collection: Literal["small", "all"] = "small") -> None:
        self.collection = collection

    def sprites(self, split: Split) -> Sprites:
        from PIL import Image  # slow to import

        alphabets = SMALL if self.collection == "small" else tuple(sorted(ALPHABETS))
        drawings = _drawings(self.collection, alphabets)
        images: list[UInt8[np.ndarray, "h w"]] = []
        labels: list[int] = []
        for label, (alphabet, character) in enumerate(sorted(drawings)):
            if split_of(alphabet) != split:
                continue
            for name, content in sorted(drawings[alphabet, character].items()):
                try:
                    with Image.open(io.BytesIO(content), formats=("PNG",)) as drawing:
                        paper = np.asarray(drawing.convert("L"))
                except Exception as error:  # a decoder may raise anything over a damaged file
                    reason = f"{alphabet}/{character}/{name} cannot be read: {error}"
                    raise DataUnavailable(_advice(reason)) from error
                if paper.shape != (SIDE, SIDE):
                    reason = f"{alphabet}/{character}/{name} is not {SIDE}×{SIDE} pixels"
                    raise DataUnavailable(_advice(reason))
                images.append(np.subtract(255, paper))
                labels.append(label)
        pixels = rearrange(np.stack(images), "n h w -> n 1 h w")
        return Sprites(images=torch.from_numpy(pixels), labels=torch.tensor(labels))


def _drawings(collection: str, alphabets: tuple[str, ...]) -> _Drawings:
    """All drawings of a collection.

    Raises:
        DataUnavailable: they are not there, or not complete.
    """
    for parts in SOURCES[collection]:
        places = [_place(part) for part in parts]
        if None in places:
            continue
        found: _Drawings = {}
        for place in filter(None, places):
            for path, content in _files(place):
                alphabet, character, name = path.parts[-3:]
                if alphabet in alphabets:
                    found.setdefault((alphabet, character), {})[name] = content
        _refuse_incomplete(found, alphabets)
        return found
    raise DataUnavailable(_advice("they are not there"))


def _root() -> Path:
    return Path(os.environ.get("OBJCENTRIC_DATA") or cache_folder())


def _place(part: str) -> Path | None:
    """The zip file of a part, or the folder that it unpacks to; None if neither is there."""
    for folder in FOLDERS:
        for place in (_root() / folder / f"{part}.zip", _root() / folder / part):
            if place.exists():
                return place
    return None


def _files(place: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Paths `…/alphabet/character/file.png`, and what these files hold.

    Raises:
        DataUnavailable: an archive is damaged.
    """
    if place.is_dir():
        for file in place.glob("*/*/*.png"):
            if not file.name.startswith("."):
                yield PurePosixPath(file.as_posix()), file.read_bytes()
        return
    try:
        with zipfile.ZipFile(place) as archive:
            for info in archive.infolist():
                path = PurePosixPath(info.filename)
                hidden = path.name.startswith(".") or path.parts[0] == "__MACOSX"
                if path.suffix != ".png" or hidden or len(path.parts) < 3:
                    continue
                if info.file_size > _LARGEST:
                    raise DataUnavailable(_advice(f"{place} holds {path}, which is too large"))
                yield path, archive.read(info)
    except (
        OSError,
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise DataUnavailable(_advice(f"{place} cannot be read: {error}")) from error


def _refuse_incomplete(found: _Drawings, alphabets: tuple[str, ...]) -> None:
    for alphabet in alphabets:
        characters = [drawings for (name, _), drawings in found.items() if name == alphabet]
        short = sum(len(drawings) != DRAWINGS for drawings in characters)
        if len(characters) != ALPHABETS[alphabet] or short:
            reason = (
                f"{alphabet} should have {ALPHABETS[alphabet]} characters of {DRAWINGS} drawings, "
                f"but has {len(characters)}, {short} of them with another number of drawings"
            )
            raise DataUnavailable(_advice(reason))


def _advice(reason: str) -> str:
    given = os.environ.get("OBJCENTRIC_DATA")
    origin = "the folder that OBJCENTRIC_DATA names" if given else "the cache folder"
    return (
        f"Omniglot's drawings cannot be read from {_root()}, {origin}: {reason}. What would work:\n"
        "  - put images_background_small1.zip and images_background_small2.zip, or "
        "images_background.zip (and images_evaluation.zip for collection: all) from "
        f"github.com/brendenlake/omniglot into {_root() / FOLDERS[0]}\n"
        "  - point OBJCENTRIC_DATA to a folder that holds them so, or as "
        "torchvision.datasets.Omniglot lays them out"
    )
