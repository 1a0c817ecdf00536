"""Errors that the user can fix; the command line prints them without a traceback."""


class ObjcentricError(Exception):
    """A mistake in the user's input; the message says what would work. Exit code 2."""


class DataUnavailable(ObjcentricError):
    """A scene source needs data that is missing and may not be downloaded."""


class DamagedFile(ObjcentricError):
    """A file cannot be read, or does not hold what it should; the message begins with its path."""


class UnwritableFile(ObjcentricError):
    """A file or a folder cannot be written: the disk is full or read-only, for example."""
