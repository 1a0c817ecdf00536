"""How a check ends when it does not pass."""

from objcentric.errors import ObjcentricError


class CheckFailed(AssertionError):
    """A component does not do what a check demands: what was expected, what was got."""


class CheckSkipped(Exception):
    """A check says nothing about a component, and why."""


class OptionError(ObjcentricError):
    """An option of a component is unknown or not valid, or nobody said what it is to be."""
