"""Errors of a training and its run folder."""

from objcentric.errors import ObjcentricError


class RunFolderError(ObjcentricError):
    """A run folder cannot be used: it is not empty, missing, in use, or holds another recipe."""


class TrainingFailed(Exception):
    """The training itself failed: its loss is not finite, for example. Exit code 1."""
