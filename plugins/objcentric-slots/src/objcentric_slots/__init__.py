"""Slot Attention (Locatello et al. 2020, arXiv:2006.15055), and what it needs."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return []
