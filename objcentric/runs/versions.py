"""Versions of the software that a run uses (`versions_of`)."""

import platform
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
