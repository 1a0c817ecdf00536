"""Alternatives to AIR's own: gradient estimators for presence."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return ["objcentric_estimators.enumerate:Enumerate"]
