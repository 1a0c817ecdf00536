"""Errors that the user can fix; the command line prints them without a traceback."""


class ObjcentricError(Exception):
    """A mistake in the user's input; the message says what would work. Exit code 2."""


class DataUnavailable(ObjcentricError):
    """A scene source needs data that is missing and may not be downloaded."""
