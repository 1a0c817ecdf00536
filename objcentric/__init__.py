"""Object-centric scene models in which every part is a plugin."""

import pluggy

__version__ = "0.1.0"

hookimpl = pluggy.HookimplMarker("objcentric")
"""Marks a function of a plugin as the implementation of a hook of `objcentric.hookspecs`."""
