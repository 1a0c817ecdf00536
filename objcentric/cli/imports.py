"""Imports that take seconds, with a word about it (`import_torch`)."""

from objcentric.waiting import waiting


def import_torch(quiet: bool = False) -> None:
    """Imports torch, on which most of what a command imports afterwards depends.

    Args:
        quiet: whether to say nothing if that takes long.
    """
    with waiting("Importing torch", quiet=quiet):
        import torch  # noqa: F401
