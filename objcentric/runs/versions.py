"""Versions of the software that a run uses (`versions_of`), or was made with (`written_by`)."""

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from objcentric import __version__
from objcentric.registry import Registry


def versions_of(registry: Registry) -> dict[str, Any]:
    """Versions of objcentric, torch, Python and the plugins that work, by plugin name."""
    return {
        "objcentric": __version__,
        "torch": version("torch"),
        "python": platform.python_version(),
        "plugins": {
            status.plugin: f"{status.distribution} {status.version}".rstrip()
            for status in registry.plugins
            if status.healthy
        },
    }


def written_by(content: Mapping[str, Any]) -> str:
    """Which objcentric wrote a summary or a checkpoint, for a message that something is missing."""
    versions = content.get("versions")
    version = versions.get("objcentric") if isinstance(versions, Mapping) else None
    if version is None:
        return f"another version of objcentric (this is {__version__})"
    return f"objcentric {version} (this is {__version__})"


def is_another_version(content: Mapping[str, Any]) -> bool:
    """Whether a summary says that another version of objcentric wrote it."""
    versions = content.get("versions")
    version = versions.get("objcentric") if isinstance(versions, Mapping) else None
    return isinstance(version, str) and version != __version__
