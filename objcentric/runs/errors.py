"""Errors of a training and its run folder."""

from objcentric.errors import ObjcentricError


class RunFolderError(ObjcentricError):
    """A run folder cannot be used: it is not empty, missing, in use, or holds another recipe."""


class RankLost(ObjcentricError):
    """Another process of the training has ended, so this one cannot go on; the run can."""


class TrainingFailed(Exception):
    """The training itself failed: its loss is not finite, for example. Exit code 1."""
