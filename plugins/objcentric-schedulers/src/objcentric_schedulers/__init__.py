"""Alternatives to AIR's own: inference over slots."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return ["objcentric_schedulers.residual:Residual"]
