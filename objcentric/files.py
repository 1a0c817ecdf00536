"""Reading and writing files and folders.

Writing is atomic: a killed process leaves files complete or absent. Each kind of content has one
reader, and what it refuses is one line about the file.
"""

import json
import math
import os
import select
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from objcentric.errors import DamagedFile, UnwritableFile

if TYPE_CHECKING:
    from torch import Tensor

LARGEST_JSON = 2**30
"""Bytes of the largest JSON file that is read."""

LARGEST_NUMBER = 2**64
"""JSON of ours holds no integer beyond this."""

PATIENCE = 10.0
"""Seconds to wait for somebody to write into a pipe."""


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A regular file, open for reading. Folders, pipes and devices are refused: some never end.

    Raises:
        DamagedFile: there is no such file, or it cannot be read.
    """
    with _readable(path) as file:
        kind = _kind(file.fileno())
        if kind != "file":
            raise DamagedFile(f"{path} cannot be read: it is a {kind}")
        yield file


def read_content(path: Path, most: int) -> bytes:
    """The bytes of a regular file, or of a pipe into which somebody writes.

    Raises:
        DamagedFile: there is no such file, it cannot be read, or it holds more than `most` bytes.
    """
    with _readable(path) as file:
        kind = _kind(file.fileno())
        if kind not in ("file", "pipe"):
            raise DamagedFile(f"{path} cannot be read: it is a {kind}")
        content = file.read(most + 1) if kind == "file" else _poured(file.fileno(), most + 1)
    if len(content) > most:
        raise DamagedFile(f"{path} cannot be read: it has more than {most:,} bytes")
    return content


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        DamagedFile: the file cannot be read, or holds something else.
    """
    with opened(path) as file:
        return parsed_json(file.read(LARGEST_JSON), path)


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    """The JSON objects in a file, one per line; a last line that a kill cut short is left out.

    Raises:
        DamagedFile: the file cannot be read, or a line holds something else.
    """
    with opened(path) as file:
        lines = file.read(LARGEST_JSON).split(b"\n")[:-1]
    return [parsed_json(line, path, number) for number, line in enumerate(lines, 1)]


def parsed_json(content: bytes, path: Path, line: int | None = None) -> dict[str, Any]:
    """Parses a JSON object; neither NaN and infinity nor endless integers are numbers.

    Args:
        content: the text in UTF-8.
        path: the file that holds it, for the message.
        line: its line there, from 1; None for the whole file.

    Raises:
        DamagedFile: this is no JSON object.
    """
    place = f"{path} is damaged: " + ("" if line is None else f"line {line}: ")
    if not content.strip():
        raise DamagedFile(f"{place}it is empty")
    try:
        value = json.loads(
            content.decode("utf-8"), parse_constant=_no_number, parse_float=_float, parse_int=_int
        )
    except UnicodeDecodeError as error:
        raise DamagedFile(f"{place}it is not text in UTF-8") from error
    except RecursionError as error:
        raise DamagedFile(f"{place}its JSON is nested too deeply") from error
    except ValueError as error:
        raise DamagedFile(f"{place}it is not JSON ({error})") from error
    if not isinstance(value, dict):
        raise DamagedFile(f"{place}expected a JSON object")
    return value


def read_tensors(path: Path) -> "dict[str, Tensor]":
    """The tensors in a safetensors file, by name, on the CPU.

    Raises:
        DamagedFile: the file cannot be read, or holds something else.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    with opened(path):
        pass
    try:
        return dict(load_file(path))
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise DamagedFile(f"{path} is damaged: its tensors cannot be read ({error})") from error


def write_tensors(path: Path, tensors: "Mapping[str, Tensor]") -> None:
    """Writes tensors, none of which share memory, into a file, not atomically.

    Raises:
        UnwritableFile: the file cannot be written.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        save_file(dict(tensors), path)
    except SafetensorError as error:
        raise UnwritableFile(f"cannot write {path}: {error}") from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file to write, which becomes `path` in one step when the block ends.

    Raises:
        UnwritableFile: the operating system refuses it, inside of the block or at its end.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _writing(path):
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
    with _writing(path), path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(plain(value)) + "\n")
        file.flush()
        os.fsync(file.fileno())


def make_folder(path: Path) -> None:
    """Makes a folder, unless it is there.

    Raises:
        UnwritableFile: it cannot be made.
    """
    with _writing(path):
        path.mkdir(exist_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder to fill, which becomes `path` in one step when the block ends.

    Raises:
        UnwritableFile: the operating system refuses it, inside of the block or at its end.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _writing(path):
        try:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            yield temporary
            for file in temporary.iterdir():
                with file.open("rb") as content:
                    os.fsync(content.fileno())
            _flush_folder(temporary)
            os.rename(temporary, path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
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


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns the operating system's errors into one line about `path`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnwritableFile(f"cannot write {path}: {reason}") from error


@contextmanager
def _readable(path: Path) -> Iterator[IO[bytes]]:
    """Whatever has this path, except a folder, open for reading."""
    with _reading(path):
        # Opening a pipe into which nobody writes would otherwise wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise DamagedFile(f"{path} cannot be read: it is a folder")
        with open(descriptor, "rb") as file:
            yield file


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turns the operating system's errors into one line about `path`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DamagedFile(f"{path} cannot be read: {reason}") from error


def _kind(descriptor: int) -> str:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) else "device"


def _poured(descriptor: int, most: int) -> bytes:
    """What is written into a pipe until its writers close it; empty if it has none."""
    content = b""
    while len(content) < most:
        try:
            part = os.read(descriptor, most - len(content))
        except BlockingIOError:
            if not select.select([descriptor], [], [], PATIENCE)[0]:
                raise TimeoutError(0, f"nothing came out of the pipe for {PATIENCE:g} s") from None
            continue
        if not part:
            break
        content += part
    return content


def _float(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _int(text: str) -> int:
    # Length first: Python takes quadratic time for long integers, and refuses very long ones.
    if len(text) > 21 or abs(int(text)) > LARGEST_NUMBER:
        _no_number(text)
    return int(text)


def _no_number(text: str) -> float:
    raise ValueError(f"{text[:20]} is no number here")


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
