"""The images of a folder and of its splits (`ImageFolder`)."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from objcentric.errors import DataUnavailable
from objcentric.images import ENDINGS, files_below, is_image
from objcentric.interfaces import Split

OWN_FOLDERS: Mapping[Split, tuple[str, ...]] = {
    "train": ("train",),
    "validation": ("validation", "val", "valid"),
    "test": ("test",),
}
"""Sub-folders that hold the images of a split, in small letters."""


class ImageFolder:
    """The image files of a folder and its sub-folders, hidden ones left out.

    Args:
        path: the folder, absolute.

    Raises:
        DataUnavailable: there is no such folder, or it holds no image.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            kind = "is a file" if path.exists() else "does not exist"
            raise DataUnavailable(
                f"{path} should be a folder of images ({_listed()}), but it {kind}: "
                "scenes.path names the folder, relative to the current directory"
            )
        everything = files_below(path)
        self.files = {name: file for name, file in everything.items() if is_image(name)}
        """Files by their path below the folder, in order."""
        if not self.files:
            raise DataUnavailable(
                f"{path} and its sub-folders hold no image: looked for {_listed()}, "
                f"found {_endings(everything)}"
            )

    def splits(self, fractions: Mapping[Split, float]) -> dict[Split, list[str]]:
        """The names of the files of each split, in order.

        A sub-folder with the name of a split holds that split. A split without one gets a fraction
        of the training images, by a hash of the file's name: no file moves when others come or go.

        Args:
            fractions: the shares of `validation` and `test`.
        """
        own: dict[Split | None, list[str]] = {"train": [], "validation": [], "test": [], None: []}
        for name in self.files:
            own[_own_split(name)].append(name)
        found: dict[Split, list[str]] = {"train": [], "validation": [], "test": []}
        for name in own["train"] or own[None]:
            drawn = _draw(name)
            if not own["test"] and drawn < fractions["test"]:
                found["test"].append(name)
            elif not own["validation"] and drawn >= 1 - fractions["validation"]:
                found["validation"].append(name)
            else:
                found["train"].append(name)
        return {
            "train": found["train"],
            "validation": own["validation"] or found["validation"],
            "test": own["test"] or found["test"],
        }

    def unused(self) -> list[str]:
        """Files beside a sub-folder `train`, which belong to no split."""
        split_of = {name: _own_split(name) for name in self.files}
        if "train" not in split_of.values():
            return []
        return [name for name, split in split_of.items() if split is None]


def _own_split(name: str) -> Split | None:
    top, _, below = name.partition("/")
    if not below:
        return None
    return next((split for split, names in OWN_FOLDERS.items() if top.lower() in names), None)


def _draw(name: str) -> float:
    """A number in [0, 1) for a name. `a.png` and `a.jpg` have the same: they may be one image."""
    stem = name.rpartition(".")[0]
    digest = hashlib.sha256(stem.encode(errors="surrogateescape")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _listed() -> str:
    return ", ".join(ENDINGS)


def _endings(names: Mapping[str, Path]) -> str:
    found = Counter(Path(name).suffix.lower() or "without ending" for name in names)
    return ", ".join(f"{n} {ending}" for ending, n in found.most_common(5)) or "no file at all"
