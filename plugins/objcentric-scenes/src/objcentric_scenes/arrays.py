"""Scenes that others have exported as arrays, to `.npz` or HDF5 (`Arrays`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Int64
from pydantic import NonNegativeInt, PositiveInt

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric_scenes.array_file import ArrayFile, exact_rows, named_errors, open_arrays
from objcentric_scenes.array_truth import Segments, as_counts, as_images, as_indices, channels_last
from objcentric_scenes.digest import sealed

AUTO = "auto"
CUSTOMARY = {
    "image": ("image", "images"),
    "mask": ("mask", "masks", "segmentation"),
    "visibility": ("visibility",),
    "counts": ("counts", "count", "num_objects"),
}
"""The keys that `auto` looks for, in this order."""

CHUNK = 500
"""Scenes whose masks are in memory at a time: masks are many times as large as images."""

Part = Literal["image", "mask", "visibility", "counts"]
_PROTOCOL = "arrays version 1"


class Arrays(SceneSource):
    """Scenes from arrays in an `.npz` or HDF5 file (`.h5`, which needs h5py): exports of public
    multi-object data sets.

        scenes: {use: arrays, path: clevr.h5, train: 50000, validation: 1000, test: 1000}
        scenes: {use: arrays, path: "clevr_{split}.npz"}
        scenes: {use: arrays, path: all.h5, image: "{split}/imgs", splits: [train, val, test]}

    Images are `(N, H, W, C)`, `(N, C, H, W)` or `(N, H, W)`, in uint8, or floats in [0, 1]. Masks
    are `(N, K, H, W)`, `(N, K, H, W, 1)` or `(N, K, 1, H, W)`, one for each thing, as
    github.com/google-deepmind/multi_object_datasets has them, or the index of the thing at each
    pixel, `(N, H, W)`. Segmentation, boxes and counts come from the masks: an object without a
    pixel does not count. Without masks, counts come from `visibility` `(N, K)`, or else from
    `counts` `(N,)`.

    `{split}` in the path or in a key stands for the split. Without it, one array holds all
    splits, one after the other: training scenes are the first ones, test scenes the last ones, and
    validation scenes come before these. Whether two scenes of different splits are equal is up to
    whoever made the file.

    A key `auto` is the first that the file has of `image`, `images`; `mask`, `masks`,
    `segmentation`; `visibility`; `counts`, `count`, `num_objects`. Null is not read.

    Args:
        path: the file, relative to the current directory; `~` is the home folder.
        image: key of the images.
        mask: key of the masks.
        visibility: key of what is visible, things of the background included.
        counts: key of the numbers of objects.
        background: number of things, the first ones, that are background: 1 in most data sets, 4 in
            Objects Room.
        train: number of training scenes; by default all that are left, or all of the split's own.
        validation: number of validation scenes; by default a tenth, or all of the split's own.
        test: number of test scenes; by default a tenth, or all of the split's own.
        splits: what `{split}` stands for, for training, validation and test scenes.
    """

    def __init__(
        self,
        *,
        path: str = "scenes.npz",
        image: str = AUTO,
        mask: str | None = AUTO,
        visibility: str | None = AUTO,
        counts: str | None = AUTO,
        background: NonNegativeInt = 1,
        train: PositiveInt | None = None,
        validation: PositiveInt | None = None,
        test: PositiveInt | None = None,
        splits: tuple[str, str, str] = ("train", "validation", "test"),
    ) -> None:
        self.path = path
        self.keys: dict[Part, str | None] = {
            "image": image,
            "mask": mask,
            "visibility": visibility,
            "counts": counts,
        }
        self.background = background
        self.sizes: dict[Split, int | None] = {
            "train": train,
            "validation": validation,
            "test": test,
        }
        self.names: dict[Split, str] = dict(
            zip(("train", "validation", "test"), splits, strict=True)
        )

    @cached_property
    def image_shape(self) -> tuple[int, int, int]:
        """`(C, H, W)`, which only the file knows.

        Raises:
            DataUnavailable: there is no such file.
            ObjcentricError: it holds no images.
        """
        with self._opened("train") as file:
            key = self._key(file, "image", "train")
            assert key is not None
            with named_errors(file, key):
                channels, height, width, _ = channels_last(file.shape(key))
        return channels, height, width

    def scenes(self, split: Split) -> Scenes:
        """The scenes of a split.

        Raises:
            DataUnavailable: there is no such file.
            ObjcentricError: the file lacks a key, an array has the wrong form, or there are too few
                scenes.
        """
        with self._opened(split) as file:
            key = self._key(file, "image", split)
            assert key is not None
            with named_errors(file, key):
                begin, end = self._range(split, file.shape(key)[0])
                images = as_images(file.rows(key, begin, end))
            _, height, width = images.shape[1:]
            arrays = {"images": images, **self._truth(file, split, begin, end, (height, width))}
        return sealed(_PROTOCOL, {name: torch.from_numpy(value) for name, value in arrays.items()})

    @contextmanager
    def _opened(self, split: Split) -> Iterator[ArrayFile]:
        path = Path(self._spelt(self.path, split)).expanduser()
        with open_arrays(Path.cwd() / path) as file:
            yield file

    def _spelt(self, text: str, split: Split) -> str:
        return text.replace("{split}", self.names[split])

    def _key(self, file: ArrayFile, part: Part, split: Split) -> str | None:
        """The key of a part; None if it is not there and need not be.

        Raises:
            ObjcentricError: the file lacks the key.
        """
        stated = self.keys[part]
        if stated is None:
            return None
        wanted = CUSTOMARY[part] if stated == AUTO else (self._spelt(stated, split),)
        for key in wanted:
            if key in file.keys:
                return key
        if stated == AUTO and part != "image":
            return None
        found = ", ".join(file.keys) or "none"
        raise ObjcentricError(
            f"{file.path} has no {' or '.join(map(repr, wanted))}, which should hold {part}; keys "
            f"found: {found}. scenes.{part} names the key"
        )

    def _range(self, split: Split, n: int) -> tuple[int, int]:
        """The first scene of a split and the one after its last.

        Raises:
            ValueError: there are not as many scenes.
        """
        if "{split}" in self.path or "{split}" in (self.keys["image"] or ""):
            size = self.sizes[split] or n
            if not 0 < size <= n:
                raise ValueError(f"there are {n} scenes for {split}, and {size} are asked for")
            return 0, size
        validation = self.sizes["validation"] or n // 10
        test = self.sizes["test"] or n // 10
        train = self.sizes["train"] or n - validation - test
        if min(train, validation, test) < 1 or train + validation + test > n:
            raise ValueError(
                f"{n} scenes are too few for {max(train, 1)} to train, {max(validation, 1)} for "
                f"validation and {max(test, 1)} to test: smaller scenes.train, scenes.validation "
                "and scenes.test would fit"
            )
        begins: dict[Split, tuple[int, int]] = {
            "train": (0, train),
            "validation": (n - test - validation, n - test),
            "test": (n - test, n),
        }
        return begins[split]

    def _truth(
        self, file: ArrayFile, split: Split, begin: int, end: int, canvas: tuple[int, int]
    ) -> dict[str, np.ndarray]:
        """What the file knows of the objects."""
        found: dict[str, np.ndarray] = {}
        if (key := self._key(file, "mask", split)) is not None:
            with named_errors(file, key):
                found = dict(vars(Segments.of(self._indices(file, key, begin, end, canvas))))
        elif (key := self._key(file, "visibility", split)) is not None:
            with named_errors(file, key):
                visible = exact_rows(file, key, begin, end)[:, self.background :] > 0
                found = {"counts": visible.reshape(len(visible), -1).sum(1).astype(np.int64)}
        if (key := self._key(file, "counts", split)) is not None:
            with named_errors(file, key):
                counts = as_counts(exact_rows(file, key, begin, end))
                stated = self.keys["counts"] != AUTO
                if stated and "counts" in found and (counts != found["counts"]).any():
                    raise ValueError(
                        "these counts differ from what masks or visibility say (scene "
                        f"{begin + int((counts != found['counts']).argmax())} is the first); "
                        "null for scenes.mask and scenes.visibility, or for scenes.counts, decides"
                    )
                found.setdefault("counts", counts)
        return found

    def _indices(
        self, file: ArrayFile, key: str, begin: int, end: int, canvas: tuple[int, int]
    ) -> Int64[np.ndarray, "N H W"]:
        chunks = [
            as_indices(exact_rows(file, key, at, min(at + CHUNK, end)), *canvas, self.background)
            for at in range(begin, end, CHUNK)
        ]
        return np.concatenate(chunks)
