"""The error for broken plugins and unknown or ambiguous names (`PluginError`)."""

import importlib
import pkgutil
from pathlib import Path
from traceback import extract_tb

import pluggy

from objcentric.errors import ObjcentricError


class PluginError(ObjcentricError):
    """A plugin is broken, or a name is ambiguous or unknown to all plugins."""


def describe(error: BaseException) -> str:
    """Describes an error in one line: its type and its message."""
    try:
        said = "; ".join(line for line in str(error).splitlines() if line.strip())
    except Exception:  # a stranger's __str__
        said = "it cannot say why"
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def describe_with_place(error: BaseException) -> str:
    """Describes an error of a plugin in one line, with file and line where they are known."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}"
    frames = [f for f in extract_tb(error.__traceback__) if not f.filename.startswith(_NOT_THERE)]
    place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
    return f"{place}{describe(error)}"


_NOT_THERE = (
    "<",
    str(Path(__file__).parent),
    *(str(Path(str(module.__file__)).parent) for module in (importlib, pluggy)),
    str(pkgutil.__file__),
)
"""Where no error of a plugin comes from: this room, and the machinery of imports and hooks."""
