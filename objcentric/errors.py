"""Errors that are a person's to mend: the command line prints them without a traceback."""


class ObjcentricError(Exception):
    """A mistake in what was asked for; the message says what would work. Exit code 2."""


class DataUnavailable(ObjcentricError):
    """Data that a scene source needs is not here and may not be fetched."""
