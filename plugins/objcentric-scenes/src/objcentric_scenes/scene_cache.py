"""The cache of scenes on disk: files are written whole, and checked whenever they are read."""

import logging
from collections.abc import Callable
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError, safe_open

from objcentric.errors import UnwritableFile
from objcentric.files import whole_file
from objcentric.interfaces import Scenes
from objcentric_scenes.cache_folder import cache_folder
from objcentric_scenes.digest import plain_tensors, sealed

_log = logging.getLogger(__name__)


def cached_scenes(name: str, protocol: str, make: Callable[[], Scenes]) -> Scenes:
    """The scenes of a name: from the cache if they are intact there, otherwise made and cached.

    A cache that cannot be read or written only costs time.

    Args:
        name: file name without suffix; different scenes need different names.
        protocol: name and version, which are part of the digest.
        make: makes the scenes.
    """
    path = cache_folder() / "scenes" / f"{name}.safetensors"
    scenes = _load(path, protocol)
    if scenes is None:
        scenes = make()
        _store(path, scenes)
    return scenes


def _load(path: Path, protocol: str) -> Scenes | None:
    """The scenes in a file, or None if there are none with the right digest."""
    try:
        with safe_open(path, framework="pt") as file:
            # Cloned, because tensors that are mapped to the file would change with it.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
            stated = (file.metadata() or {}).get("sha256")
        scenes = sealed(protocol, tensors)
    except FileNotFoundError:
        return None
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read, so the scenes are made again: %s", path, error)
        return None
    if scenes.sha256 != stated:
        _log.warning("%s has changed since it was written, so the scenes are made again", path)
        return None
    return scenes


def _store(path: Path, scenes: Scenes) -> None:
    tensors = plain_tensors(scenes)
    content = safetensors.torch.save(tensors, metadata={"sha256": scenes.sha256})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_bytes(content)
    except (OSError, UnwritableFile) as error:
        _log.info("the scenes are not cached: %s", error)
