"""One process a run folder."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from objcentric.runs.errors import RunFolderError


class RunLock:
    """Holds a run folder for this process.

    The operating system lets go of it when the process ends, however it ends: no lock is stale.

    Args:
        folder: the run folder, which must exist.

    Raises:
        RunFolderError: on entering, another process holds the folder.
    """

    FILE = ".lock"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None

    def __enter__(self) -> "RunLock":
        file = (self.folder / self.FILE).open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise RunFolderError(
                f"{self.folder} is being trained in by another process (pid {holder}); "
                "wait for it, end it, or choose another --out"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The file stays: removing it could let two later processes lock two different files.
        if self._file is not None:
            self._file.close()
            self._file = None
