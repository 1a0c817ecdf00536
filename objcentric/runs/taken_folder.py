"""A folder that a run or a comparison takes for itself, and can give back as it was."""

from itertools import takewhile
from pathlib import Path

from objcentric.runs.errors import RunFolderError


class TakenFolder:
    """A folder that is made if need be. Nothing that was there before is ever removed.

    Args:
        path: the folder; those above it are made, too.

    Raises:
        RunFolderError: there can be no such folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made: list[Path] = []  # innermost first
        try:
            missing = list(takewhile(lambda folder: not folder.exists(), [path, *path.parents]))
            for folder in reversed(missing):
                self._make(folder)
            self._there = {entry.name for entry in path.iterdir()}
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise RunFolderError(f"cannot use {path} as a folder: {reason}") from error

    @property
    def is_new(self) -> bool:
        """Whether the folder was not there before."""
        return self.path in self._made

    def give_back(self, *files: str) -> None:
        """Removes files that were not there before, then the folders that were made, if empty.

        Args:
            files: names of files that the caller may have written into the folder.
        """
        for name in files:
            if name not in self._there:
                (self.path / name).unlink(missing_ok=True)
        for folder in self._made:
            try:
                folder.rmdir()
            except OSError:  # it holds something else by now
                return

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir()
        except FileExistsError:  # another process was faster: it is not ours to remove
            return
        self._made.insert(0, folder)
