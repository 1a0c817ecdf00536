"""What is wrong with a recipe, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from objcentric.errors import ObjcentricError

COMMAND_LINE = "command line"
"""Stands for the file where a value was given as KEY=VALUE."""


@dataclass(frozen=True)
class Mark:
    """Where something was written.

    Attributes:
        file: as it was named, or `command line`.
        line: from 1; None where there are no lines.
        column: likewise.
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        places = [self.file, self.line, self.column]
        return ":".join(str(place) for place in places if place is not None)


@dataclass(frozen=True)
class Problem:
    """One mistake.

    Attributes:
        mark: where it was made.
        path: of the value, for example `model.glimpser.size`; empty for the file as a whole.
        message: what was expected, what was got, what would work.
    """

    mark: Mark
    path: str
    message: str

    @property
    def file(self) -> str:
        return self.mark.file

    @property
    def line(self) -> int | None:
        return self.mark.line

    @property
    def column(self) -> int | None:
        return self.mark.column

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.mark), self.path, self.message) if part)


class Misfit(Problem):
    """Components that are each as they should be, but cannot work together."""


class RecipeError(ObjcentricError):
    """A recipe that cannot be used, with everything that is wrong with it.

    Args:
        problems: in the order in which a reader meets them; at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)
