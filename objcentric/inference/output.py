"""The folder with records and pictures of an inference (`Output`)."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

from objcentric.errors import ObjcentricError
from objcentric.inference.records import Format, Records

STDOUT = "-"


@dataclass
class Output:
    """Where results go, and how many there are.

    Attributes:
        folder: the folder; None for standard output.
        form: form of the records.
        pictures: whether pictures are drawn.
        unread: inputs that could not be read.
        counts: how many images have which number of objects.
    """

    folder: Path | None
    form: Format
    pictures: bool
    unread: int = 0
    counts: Counter[int | None] = field(default_factory=Counter)
    _records: Records | None = None
    _stream: IO[str] | None = None

    @property
    def file(self) -> Path | None:
        return None if self.folder is None else self.folder / f"found.{self.form}"

    @property
    def records(self) -> Records:
        """The records; their folder is made with the first one."""
        if self._records is None:
            if self.file is None:
                self._records = Records(sys.stdout, self.form)
            else:
                (self.file.parent / "pictures" if self.pictures else self.file.parent).mkdir(
                    parents=True, exist_ok=True
                )
                self._stream = self.file.open(
                    "w", encoding="utf-8", errors="surrogateescape", newline=""
                )
                self._records = Records(self._stream, self.form)
        return self._records

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()

    def conclusion(self) -> str:
        """What was done, in one line."""
        done = sum(self.counts.values())
        if not done:
            return "No image was read"
        known = {number: n for number, n in self.counts.items() if number is not None}
        listed = ", ".join(f"{number} in {known[number]:,}" for number in sorted(known))
        said = f"{done:,} images" if done != 1 else "1 image"
        said += f"; objects found: {listed}" if known else ""
        return said if self.file is None else f"{said}. {self.file}"


@contextmanager
def written(out: str | None, form: Format, *, pictures: bool) -> Iterator[Output]:
    """An output, which is closed at the end.

    Args:
        out: the folder, which must be new or empty; None for `found`, `found-2`, …; `-` for
            standard output.
        form: form of the records.
        pictures: whether pictures are drawn.

    Raises:
        ObjcentricError: its folder cannot be used.
    """
    if out == STDOUT:
        yield Output(None, form, pictures=False)
        return
    folder = _free_folder() if out is None else Path(out).expanduser()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty" if folder.is_dir() else "is a file"
        raise ObjcentricError(f"--out {folder} {what}: choose another folder")
    output = Output(folder, form, pictures)
    try:
        yield output
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ObjcentricError(f"cannot write {folder}: {reason}") from error
    finally:
        output.close()


def _free_folder() -> Path:
    numbered = (Path("found" if n == 1 else f"found-{n}") for n in count(1))
    return next(folder for folder in numbered if not folder.exists())


def picture_name(number: int, image: str) -> str:
    """The file of an image's picture in the output folder, in letters that every system takes.

    Args:
        number: number of the image, from 1.
        image: its name.
    """
    name = Path(image).name
    stem = re.sub(r"[^\w\[\]-]+", "-", name.rpartition(".")[0] or name).strip("-")[-60:]
    return f"pictures/{number:05d}-{stem or 'image'}.png"
