"""What can go wrong with a training and its folder."""

from objcentric.errors import ObjcentricError


class RunFolderError(ObjcentricError):
    """A run folder is not what was asked for: taken, missing, in use, or of another recipe."""


class TrainingFailed(Exception):
    """The training itself went wrong, for example by a loss that is not finite. Exit code 1."""
