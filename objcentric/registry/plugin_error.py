"""The error for broken plugins and unknown or ambiguous names (`PluginError`)."""

from objcentric.errors import ObjcentricError


class PluginError(ObjcentricError):
    """A plugin is broken, or a name is ambiguous or unknown to all plugins."""


def describe(error: BaseException) -> str:
    """Describes an error in one line: its type and its message."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
