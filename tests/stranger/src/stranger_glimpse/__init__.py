"""Windows of one size: a plugin by somebody who has only read the interfaces."""

from objcentric import hookimpl


@hookimpl
def objcentric_components() -> list[str]:
    return ["stranger_glimpse.fixed_window:FixedWindow"]
