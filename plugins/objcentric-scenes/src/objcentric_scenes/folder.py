"""Scenes that are a user's own images, in a folder (`Folder`)."""

import logging
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import torch
from jaxtyping import UInt8
from pydantic import Field, PositiveInt
from torch import Tensor

from objcentric.errors import DataUnavailable, ObjcentricError
from objcentric.images import BadImage, Fit, Ground, read_image
from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric.waiting import advanced
from objcentric_scenes.digest import sealed
from objcentric_scenes.image_counts import read_counts
from objcentric_scenes.image_folder import ImageFolder

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
SHOWN = 10
"""How many files a message names."""

_PROTOCOL = "folder version 1"
_log = logging.getLogger(__name__)

Fraction = Annotated[float, Field(ge=0, lt=1)]


class Folder(SceneSource):
    """Images of your own: the PNG and JPEG files of a folder and its sub-folders.

        scenes: {use: folder, path: pictures, size: 64, channels: 3}

    If the folder has sub-folders `train`, `validation` (or `val`) or `test`, they are the splits. A
    split without a sub-folder gets a fraction of the other images, chosen by a hash of the file's
    name, so that no file changes its split when others come or go. An image whose pixels occur in
    `train` is left out of the other splits, and one that occurs in `validation` is left out of
    `test`: test scenes share no image with the others. Files that cannot be read are left out, and
    named in one warning.

    Nothing but the counts is known of the objects, and these only if `counts` names a file.

    Args:
        path: the folder, relative to the current directory; `~` is the home folder.
        size: height and width of a scene, or its side, in pixels.
        channels: 1 for grey, 3 for colour.
        fit: what becomes of images with another aspect ratio: `pad` adds black bars, `crop` cuts
            off what is too long, `stretch` distorts.
        transparent: what is seen through transparent pixels.
        invert: whether dark and bright are exchanged, for dark objects on white: most models take
            black for empty.
        counts: a CSV file with the columns `file` and `count`, relative to the current directory:
            the number of objects in each image.
        validation: fraction of the images for validation, unless it has a sub-folder.
        test: fraction of the images for testing, unless it has a sub-folder.

    Raises:
        ObjcentricError: the fractions leave nothing for training.
    """

    def __init__(
        self,
        *,
        path: str = "images",
        size: PositiveInt | tuple[PositiveInt, PositiveInt] = 64,
        channels: Literal[1, 3] = 3,
        fit: Fit = "pad",
        transparent: Ground = "black",
        invert: bool = False,
        counts: str | None = None,
        validation: Fraction = 0.1,
        test: Fraction = 0.1,
    ) -> None:
        if validation + test >= 1:
            raise ObjcentricError(
                f"fractions of {validation} for validation and {test} for testing leave no image "
                "for training: their sum must be below 1"
            )
        self.path = path
        self.size = (size, size) if isinstance(size, int) else size
        self.channels = channels
        self.fit: Fit = fit
        self.transparent: Ground = transparent
        self.invert = invert
        self.counts = counts
        self.fractions: dict[Split, float] = {"validation": validation, "test": test}

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (self.channels, *self.size)

    def scenes(self, split: Split) -> Scenes:
        """The images of a split.

        Raises:
            DataUnavailable: there is no folder, or no image for this split.
            ObjcentricError: the counts do not fit the images.
        """
        return self._splits[split]

    @cached_property
    def _splits(self) -> dict[Split, Scenes]:
        """All splits at once, because none may show what another one shows."""
        folder = ImageFolder(_absolute(self.path))
        names = folder.splits(self.fractions)
        images: dict[Split, dict[str, UInt8[np.ndarray, "C H W"]]] = {s: {} for s in SPLITS}
        left_out = dict.fromkeys(folder.unused(), "is beside train/, in no split")
        owner: dict[bytes, tuple[Split, str]] = {}
        read = 0
        for split in SPLITS:
            for name in names[split]:
                read += 1
                advanced(read, len(folder.files))
                try:
                    image = self._read(folder.files[name])
                except BadImage as error:
                    left_out[name] = str(error)
                    continue
                first, other = owner.setdefault(image.tobytes(), (split, name))
                if first == split:
                    images[split][name] = image
                else:
                    left_out[name] = f"shows the same as {other}, which is in {first}"
        if left_out:
            _log.warning("%s", _files(f"{folder.path}: not used", left_out))
        _refuse_empty(folder, {split: list(found) for split, found in images.items()})
        counts = self._counts([name for found in images.values() for name in found])
        return {split: _sealed(found, counts) for split, found in images.items()}

    def _read(self, path: Path) -> UInt8[np.ndarray, "C H W"]:
        size, ground = self.size, self.transparent
        return read_image(path, self.channels, size, self.fit, ground, self.invert)

    def _counts(self, names: list[str]) -> dict[str, int] | None:
        if self.counts is None:
            return None
        path = _absolute(self.counts)
        found = read_counts(path, frozenset(names))
        missing = {name: "" for name in names if name not in found}
        if missing:
            raise ObjcentricError(
                f"{_files(f'{path} has no count', missing)}\nGive every image a count, or leave "
                "out scenes.counts"
            )
        return found


def _absolute(path: str) -> Path:
    return Path.cwd() / Path(path).expanduser()


def _refuse_empty(folder: ImageFolder, names: dict[Split, list[str]]) -> None:
    total = sum(map(len, names.values()))
    for split, found in names.items():
        if not found:
            larger = "" if split == "train" else f", a larger fraction scenes.{split}"
            raise DataUnavailable(
                f"{folder.path}: none of {len(folder.files)} images ({total} of them readable and "
                f"different) is for {split}. What would work: more images{larger}, or a sub-folder "
                f"{split}/ with images of its own"
            )


def _sealed(images: dict[str, UInt8[np.ndarray, "C H W"]], counts: dict[str, int] | None) -> Scenes:
    tensors: dict[str, Tensor] = {"images": torch.from_numpy(np.stack(list(images.values())))}
    if counts is not None:
        tensors["counts"] = torch.tensor([counts[name] for name in images])
    return sealed(_PROTOCOL, tensors)


def _files(title: str, reasons: dict[str, str]) -> str:
    """A title, how many files there are, and the first of them with their reasons."""
    lines = [f"\n  {name}{reason and ': '}{reason}" for name, reason in _first(reasons.items())]
    more = f"\n  and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
    return f"{title}: {len(reasons)} of the images{''.join(lines)}{more}"


def _first(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(items)[:SHOWN]
