"""Object-centric scene models in which every part is a plugin."""

import pluggy

__version__ = "0.1.0"

hookimpl = pluggy.HookimplMarker("objcentric")
"""Marks a plugin's function as the implementation of a hook in `objcentric.hookspecs`."""
