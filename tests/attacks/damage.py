"""Ways to damage a file of a run folder (`DAMAGES`)."""

import os
from collections.abc import Callable
from pathlib import Path


def replaced(content: bytes) -> Callable[[Path], None]:
    """The file holds other bytes."""
    return lambda path: path.write_bytes(content) and None


def cut(share: float, less: int = 0) -> Callable[[Path], None]:
    """The file ends early: after a share of its bytes, and `less` bytes before that."""

    def damage(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: max(0, int(len(content) * share) - less)])

    return damage


def flipped(path: Path) -> None:
    """One bit in the middle has another value."""
    content = bytearray(path.read_bytes())
    if content:  # the log of a training that printed nothing has no bits
        content[len(content) // 2] ^= 4
    path.write_bytes(content)


def folder(path: Path) -> None:
    """A folder has the file's name."""
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("precious")


def linked(target: str) -> Callable[[Path], None]:
    """The file is a link; `{}` in its target is the file's own name."""

    def damage(path: Path) -> None:
        path.unlink()
        path.symlink_to(target.format(path.name))

    return damage


def fifo(path: Path) -> None:
    """A pipe has the file's name, and nobody writes into it."""
    path.unlink()
    os.mkfifo(path)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "zero-length": replaced(b""),
    "one byte": cut(0, -1),
    "a third": cut(1 / 3),
    "half": cut(0.5),
    "two bytes short": cut(1, 2),
    "a flipped bit": flipped,
    "a picture": replaced(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
    "a sentence": replaced(b"This is not what you expect.\n"),
    "another encoding": replaced("name: größer\n".encode("latin-1")),
    "a list": replaced(b"[1, 2, 3]\n"),
    "an empty mapping": replaced(b"{}\n"),
    "foreign keys": replaced(b'{"version": 3, "files": "all", "sha256": {"a": []}, "plan": 7}\n'),
    "null": replaced(b"null\n"),
    "not finite": replaced(b'{"epoch": NaN, "status": Infinity, "epochs": -1e999}\n'),
    "many digits": replaced(b'{"epoch": ' + b"9" * 6000 + b"}\n"),
    "very nested": replaced(b"[" * 100_000 + b"\n"),
    "nested pairs": replaced(b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"\n"),
    "a huge header": replaced(b"\xff" * 8 + b"{}"),
    "missing": Path.unlink,
    "a folder": folder,
    "a dangling link": linked("nowhere"),
    "a link to itself": linked("{}"),
    "a pipe": fifo,
    "/dev/zero": linked("/dev/zero"),
    "/dev/null": linked("/dev/null"),
}
"""Damages by name; each takes the file."""
