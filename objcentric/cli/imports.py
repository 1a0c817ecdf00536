"""Imports that take seconds, with a word about it (`import_torch`)."""

from importlib import import_module

from objcentric.waiting import waiting


def import_torch(*modules: str, quiet: bool = False) -> None:
    """Imports torch, on which most of what a command imports afterwards depends.

    Args:
        modules: what else the command is going to import.
        quiet: whether to say nothing if that takes long.
    """
    with waiting("Importing torch", quiet=quiet):
        for module in ("torch", *modules):
            import_module(module)
