"""Versions of the software that a run uses (`versions_of`), or was made with (`written_by`)."""

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import objcentric
from objcentric.registry import Registry


def versions_of(registry: Registry) -> dict[str, Any]:
    """Versions of objcentric, torch, numpy, Python and the plugins that work, by plugin name; the
    commit of a checkout, and the hashes of plugins that are single files."""
    plugins = {
        status.plugin: f"{status.distribution} {status.version}".rstrip()
        for status in registry.plugins
        if status.healthy
    }
    return {
        "objcentric": objcentric.__version__,
        "commit": _commit(Path(objcentric.__file__).parents[1]),
        "torch": version("torch"),
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "plugins": plugins,
        "plugin_files_sha256": {
            name: hashlib.sha256(Path(origin).read_bytes()).hexdigest()
            for name, origin in plugins.items()
            if origin.endswith(".py")
        },
    }


def _commit(checkout: Path) -> str | None:
    """The commit of a checkout, with `-dirty` if something was changed since; None if there is no
    checkout, as in an installed wheel."""
    if not (checkout / ".git").exists():
        return None
    describe = ["git", "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"]
    try:
        done = subprocess.run(
            describe, cwd=checkout, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def written_by(content: Mapping[str, Any]) -> str:
    """Which objcentric wrote a summary or a checkpoint, for a message that something is missing."""
    versions = content.get("versions")
    version = versions.get("objcentric") if isinstance(versions, Mapping) else None
    if version is None:
        return f"another version of objcentric (this is {objcentric.__version__})"
    return f"objcentric {version} (this is {objcentric.__version__})"


def is_another_version(content: Mapping[str, Any]) -> bool:
    """Whether a summary says that another version of objcentric wrote it."""
    versions = content.get("versions")
    version = versions.get("objcentric") if isinstance(versions, Mapping) else None
    return isinstance(version, str) and version != objcentric.__version__
