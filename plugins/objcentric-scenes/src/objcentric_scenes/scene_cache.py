"""Scenes on disk: written whole or not at all, and never trusted unseen."""

import logging
from collections.abc import Callable
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError, safe_open

from objcentric.files import whole_file
from objcentric.interfaces import Scenes
from objcentric_scenes.cache_folder import cache_folder
from objcentric_scenes.digest import plain_tensors, sealed

_log = logging.getLogger(__name__)


def cached_scenes(name: str, protocol: str, make: Callable[[], Scenes]) -> Scenes:
    """The scenes of that name, from the cache if it holds them intact, otherwise made and kept.

    A cache that cannot be read or written costs time, nothing else.

    Args:
        name: of the file, without suffix; it has to differ wherever the scenes do.
        protocol: name and version, as the digest of the scenes counts them.
        make: makes the scenes.
    """
    path = cache_folder() / "scenes" / f"{name}.safetensors"
    scenes = _load(path, protocol)
    if scenes is None:
        scenes = make()
        _store(path, scenes)
    return scenes


def _load(path: Path, protocol: str) -> Scenes | None:
    """The scenes in a file, or None if there are none whose digest is right."""
    try:
        with safe_open(path, framework="pt") as file:
            # Cloned, because what stays mapped to the file changes when the file does.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
            stated = (file.metadata() or {}).get("sha256")
        scenes = sealed(protocol, tensors)
    except FileNotFoundError:
        return None
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read and is made anew: %s", path, error)
        return None
    if scenes.sha256 != stated:
        _log.warning("%s is not what was written there and is made anew", path)
        return None
    return scenes


def _store(path: Path, scenes: Scenes) -> None:
    tensors = plain_tensors(scenes)
    content = safetensors.torch.save(tensors, metadata={"sha256": scenes.sha256})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_bytes(content)
    except OSError as error:
        _log.info("the scenes are not cached: %s", error)
