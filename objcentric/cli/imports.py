"""Imports that take seconds, with a word about it (`import_torch`)."""

import os
from importlib import import_module

from objcentric.interruption import interrupts_end_at_once
from objcentric.launched import launched
from objcentric.waiting import waiting


def import_torch(*modules: str, quiet: bool = False) -> None:
    """Imports torch, on which most of what a command imports afterwards depends.

    Args:
        modules: what else the command is going to import.
        quiet: whether to say nothing if that takes long.
    """
    if launched() is not None:
        # Every rank would print that DDP has found no unused parameter. Torch reads this once.
        os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
    with interrupts_end_at_once(), waiting("Importing torch", quiet=quiet):
        for module in ("torch", *modules):
            import_module(module)
