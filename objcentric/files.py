"""Atomic writes of files and folders: a killed process leaves them complete or absent."""

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
    """Replaces a file's content by `text`, in one step."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replaces a file's content by indented JSON, in one step; NaN and infinity become null."""
    write_text(path, json.dumps(plain(value), indent=2) + "\n")


def append_line(path: Path, value: Mapping[str, Any]) -> None:
    """Appends a line of JSON to a file. If a kill cuts the line short, it has no newline."""
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
    """`value` in JSON's own types; NaN and infinity, which JSON lacks, become None."""
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
