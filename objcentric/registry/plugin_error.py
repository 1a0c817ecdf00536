"""What is wrong with a plugin, or with the name of something that plugins bring."""

from objcentric.errors import ObjcentricError


class PluginError(ObjcentricError):
    """A plugin is broken or ambiguous, or no plugin brings what was named."""


def describe(error: BaseException) -> str:
    """An error in one line: its type and its message."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
