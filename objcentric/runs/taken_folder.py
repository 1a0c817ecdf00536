"""A folder for a run or a comparison, which can be restored on failure (`TakenFolder`)."""

from itertools import takewhile
from pathlib import Path

from objcentric.runs.errors import RunFolderError


class TakenFolder:
    """A folder that is made if it does not exist. Existing files are never removed.

    Args:
        path: the folder; missing parent folders are made, too.

    Raises:
        RunFolderError: the folder cannot be made or read.
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
        """Whether this object made the folder."""
        return self.path in self._made

    def give_back(self, *files: str) -> None:
        """Removes new files, then the folders that this object made, if they are empty.

        Args:
            files: names of files that the caller may have written; files that existed before are
                kept.
        """
        for name in files:
            if name not in self._there:
                (self.path / name).unlink(missing_ok=True)
        for folder in self._made:
            try:
                folder.rmdir()
            except OSError:  # it now holds something else
                return

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir()
        except FileExistsError:  # another process was faster: it is not ours to remove
            return
        self._made.insert(0, folder)
