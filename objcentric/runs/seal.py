"""Checksums of a folder's files, which reveal damage."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from objcentric.files import plain
from objcentric.runs.errors import RunFolderError

_FILES, _OWN = "files", "sha256"


def sealed(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The values in JSON's own types, with SHA-256 sums of the values and of all files.

    Args:
        values: values by name.
        folder: a folder that holds only files, all completely written.
    """
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    content: dict[str, Any] = plain({**values, _FILES: files})
    return {**content, _OWN: _content_sha256(content)}


def read_sealed(file: Path) -> dict[str, Any]:
    """Reads what `sealed` returned back from its JSON file.

    Raises:
        RunFolderError: the file is missing or damaged, or has no checksums.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFolderError(f"{file} cannot be read: {_reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise RunFolderError(f"{file} is damaged: it is not JSON ({error})") from error
    if not isinstance(content, dict) or not {_FILES, _OWN} <= content.keys():
        raise RunFolderError(
            f"{file} has no checksums: it is damaged, or from an older version of objcentric"
        )
    if content.pop(_OWN) != _content_sha256(content):
        raise RunFolderError(f"{file} is damaged: its content does not match its checksum")
    return content


def check_files(
    content: Mapping[str, Any], folder: Path, *names: str, of: str = "checkpoint"
) -> None:
    """Compares files with their checksums.

    Args:
        content: what `read_sealed` returned.
        folder: where the files are.
        names: names of the files.
        of: what the folder is, for the message.

    Raises:
        RunFolderError: a file is missing or damaged.
    """
    for name in names:
        path = folder / name
        try:
            found = _sha256(path)
        except OSError as error:
            raise RunFolderError(f"{path} cannot be read: {_reason(error)}") from error
        stated = content[_FILES]
        if not isinstance(stated, dict) or found != stated.get(name):
            raise RunFolderError(
                f"{path} is damaged, or from another {of}: it does not match its checksum"
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _content_sha256(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
