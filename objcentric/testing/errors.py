"""The exceptions by which a check ends if it does not pass."""

from objcentric.errors import ObjcentricError


class CheckFailed(AssertionError):
    """A component fails a check; the message says what was expected and what was got."""


class CheckSkipped(Exception):
    """A check does not apply to a component; the message says why."""


class OptionError(ObjcentricError):
    """An option of a component is unknown, not valid, or required but missing."""
