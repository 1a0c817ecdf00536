"""Checksums of a folder's files, which reveal damage."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from objcentric.errors import DamagedFile
from objcentric.files import opened, plain, read_json

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
        DamagedFile: the file is missing or damaged, or has no checksums.
    """
    content = read_json(file)
    if not {_FILES, _OWN} <= content.keys() or not isinstance(content[_FILES], dict):
        raise DamagedFile(
            f"{file} has no checksums: it is damaged, or from an older version of objcentric"
        )
    if content.pop(_OWN) != _content_sha256(content):
        raise DamagedFile(f"{file} is damaged: its content does not match its checksum")
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
        DamagedFile: a file is missing or damaged.
    """
    for name in names:
        path = folder / name
        if _sha256(path) != content[_FILES].get(name):
            raise DamagedFile(
                f"{path} is damaged, or from another {of}: it does not match its checksum"
            )


def _sha256(path: Path) -> str:
    with opened(path) as file:
        digest = hashlib.sha256()
        while part := file.read(2**20):
            digest.update(part)
        return digest.hexdigest()


def _content_sha256(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
