"""Files that are there whole or not at all, whenever the process is killed."""

import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file to write, which becomes `path` in one step when the block ends."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as content:
            os.fsync(content.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Replaces a file by `text`, in one step."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replaces a file by indented JSON, in one step; figures that are not finite become null."""
    write_text(path, json.dumps(plain(value), indent=2) + "\n")


def append_line(path: Path, value: Mapping[str, Any]) -> None:
    """Adds a line of JSON to a file; a line that a kill cuts short has no line end."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(plain(value)) + "\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder to fill, which becomes `path` in one step when the block ends."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    yield temporary
    for file in temporary.iterdir():
        with file.open("rb") as content:
            os.fsync(content.fileno())
    _flush_folder(temporary)
    os.rename(temporary, path)
    _flush_folder(path.parent)


def plain(value: Any) -> Any:
    """`value` as JSON knows it: NaN and infinities, which JSON does not know, become None."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
