"""A lock that keeps a folder to one process (`RunLock`), and who holds it (`holder`)."""

import fcntl
import os
import re
from pathlib import Path
from types import TracebackType
from typing import IO

from objcentric.errors import DamagedFile
from objcentric.files import opened
from objcentric.runs.errors import RunFolderError


class RunLock:
    """Locks a run folder for this process.

    The operating system releases the lock whenever the process ends, so no lock is ever stale.

    Args:
        folder: the run folder, which must exist.

    Raises:
        RunFolderError: on entering, if another process holds the lock, or objcentric did not write
            the folder's file `.lock`.
    """

    FILE = ".lock"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    def __enter__(self) -> "RunLock":
        file = self._locked()
        if not re.fullmatch(r"\d*\n?", _content(file)):
            file.close()
            raise RunFolderError(
                f"objcentric did not write {self.folder / self.FILE}; choose another folder"
            )
        try:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        except OSError as error:  # the disk is full, say
            raise _unwritable(self.folder / self.FILE, error) from error
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _locked(self) -> IO[str]:
        """Opens and locks the lock file."""
        path = self.folder / self.FILE
        while True:
            try:
                file = path.open("a+", encoding="utf-8", errors="replace")
            except OSError as error:
                raise _unwritable(path, error) from error
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _content(file).strip() or "unknown"
                file.close()
                raise RunFolderError(
                    f"another process (pid {holder}) is training in {self.folder}; "
                    "wait for it, end it, or choose another --out"
                ) from None
            # A process that failed may have removed its file: a lock on that would exclude nobody.
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
            file.close()


def holder(folder: Path) -> str | None:
    """The process that has locked a run folder, as `RunLock` noted it; None if none has.

    Args:
        folder: the folder, which need not exist.
    """
    try:
        with opened(folder / RunLock.FILE) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # released when it is closed
            except BlockingIOError:
                return file.read(100).decode("utf-8", "replace").strip() or "unknown"
    except DamagedFile:
        return None
    return None


def _unwritable(path: Path, error: OSError) -> RunFolderError:
    reason = (error.strerror or str(error)).lower()
    return RunFolderError(f"{path} cannot be written: {reason}")


def _content(file: IO[str]) -> str:
    file.seek(0)
    return file.read(100)  # more is not ours, and a device would never end
