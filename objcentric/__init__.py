"""Object-centric scene models in which every part is a plugin.

run = objcentric.train("quickstart", overrides=["training.epochs=2"])
run = objcentric.load("runs/quickstart-seed0")
run.model.infer(images).counts
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from objcentric.inference import load, train

__all__ = ["INTERFACE_VERSION", "__version__", "hookimpl", "load", "train"]

__version__ = "0.1.0"

INTERFACE_VERSION = 1
"""Version of the plugin interface (docs/stability.md). A plugin says for which one it is made by
`objcentric_interface` in its module."""

hookimpl = pluggy.HookimplMarker("objcentric")
"""Marks a plugin's function as the implementation of a hook in `objcentric.hookspecs`."""


def __getattr__(name: str) -> Any:
    # Both import torch, which takes seconds; `objcentric ls` and `import objcentric` must not wait.
    if name not in ("load", "train"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from objcentric.waiting import waiting

    with waiting("Importing torch"):
        return getattr(import_module("objcentric.inference"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
