"""Named arrays in `.npz` and HDF5 files (`ArrayFile`, `open_arrays`)."""

import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from objcentric.errors import DataUnavailable, ObjcentricError

HDF5 = (".h5", ".hdf5")


class ArrayFile(ABC):
    """A file that is open for reading.

    Args:
        path: the file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def keys(self) -> list[str]:
        """The names of the arrays, in order."""

    @abstractmethod
    def shape(self, key: str) -> tuple[int, ...]:
        """The shape of an array, which is not read for it if that can be avoided."""

    @abstractmethod
    def rows(self, key: str, begin: int, end: int) -> np.ndarray:
        """The rows from `begin` to before `end` of an array."""


class NpzArrays(ArrayFile):
    """The arrays of an `.npz` file. Pickled objects are never loaded.

    Args:
        path: the file.
        content: what NumPy has opened.
    """

    def __init__(self, path: Path, content: Any) -> None:
        super().__init__(path)
        self._content = content
        self._last: tuple[str, np.ndarray] | None = None

    @property
    def keys(self) -> list[str]:
        return sorted(self._content.files)

    def shape(self, key: str) -> tuple[int, ...]:
        return self._array(key).shape

    def rows(self, key: str, begin: int, end: int) -> np.ndarray:
        return self._array(key)[begin:end]

    def _array(self, key: str) -> np.ndarray:
        """The whole array: NumPy cannot read a part of it. The last one is kept."""
        if self._last is None or self._last[0] != key:
            self._last = None  # two large arrays at a time may be one too many
            self._last = (key, self._content[key])
        return self._last[1]


class Hdf5Arrays(ArrayFile):
    """The data sets of an HDF5 file.

    Args:
        path: the file.
        content: what h5py has opened.
    """

    def __init__(self, path: Path, content: Any) -> None:
        super().__init__(path)
        self._content = content

    @property
    def keys(self) -> list[str]:
        found: list[str] = []

        def collect(name: str, item: Any) -> None:
            if hasattr(item, "shape"):
                found.append(name)

        self._content.visititems(collect)
        return sorted(found)

    def shape(self, key: str) -> tuple[int, ...]:
        return tuple(self._content[key].shape)

    def rows(self, key: str, begin: int, end: int) -> np.ndarray:
        return np.asarray(self._content[key][begin:end])


@contextmanager
def open_arrays(path: Path) -> Iterator[ArrayFile]:
    """An open file of arrays.

    Raises:
        DataUnavailable: there is no such file.
        ObjcentricError: it is not what its ending says, it is damaged, or h5py is not installed.
    """
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "does not exist"
        raise DataUnavailable(
            f"{path} should be a file of arrays (.npz, {', '.join(HDF5)}), but it {kind}: "
            "scenes.path names the file, relative to the current directory"
        )
    ending = path.suffix.lower()
    try:
        if ending == ".npz":
            with path.open("rb") as stream:  # NumPy leaves a damaged file open
                content = np.load(stream, allow_pickle=False)
                if isinstance(content, np.ndarray):
                    raise ObjcentricError(f"{path} holds a single array without a name (.npy)")
                yield NpzArrays(path, content)
        elif ending in HDF5:
            with _h5py(path).File(path, "r") as content:
                yield Hdf5Arrays(path, content)
        else:
            raise ObjcentricError(
                f"{path} ends in {ending or 'nothing'}; arrays are read from .npz, "
                f"{' and '.join(HDF5)}"
            )
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ObjcentricError(f"{path} cannot be read as {ending}: {error}") from error


def exact_rows(file: ArrayFile, key: str, begin: int, end: int) -> np.ndarray:
    """The rows from `begin` to before `end`, all of them.

    Raises:
        ValueError: the array has fewer.
    """
    rows = file.rows(key, begin, end)
    if len(rows) != end - begin:
        raise ValueError(f"it has {file.shape(key)[0]} rows, fewer than there are images")
    return rows


@contextmanager
def named_errors(file: ArrayFile, key: str) -> Iterator[None]:
    """Adds file and key to what is said about an array.

    Raises:
        ObjcentricError: the block raised a `ValueError`.
    """
    try:
        yield
    except ValueError as error:
        raise ObjcentricError(f"{file.path}, {key!r}: {error}") from error


def _h5py(path: Path) -> Any:
    try:
        import h5py
    except ImportError as error:
        raise ObjcentricError(
            f"{path} needs h5py, which is not installed: pip install 'objcentric[h5]'; "
            "or export the arrays to .npz"
        ) from error
    return h5py
