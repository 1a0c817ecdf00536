"""Metrics: what a scene model is judged by."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return []
