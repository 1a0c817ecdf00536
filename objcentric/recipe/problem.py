"""Mistakes in a recipe, with their positions (`Problem`, `RecipeError`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from objcentric.errors import ObjcentricError
from objcentric.names import shortened

COMMAND_LINE = "command line"
"""The `file` of values that were given as KEY=VALUE."""


MOST = 20
"""Mistakes that a message lists."""


@dataclass(frozen=True)
class Mark:
    """A position in a recipe.

    Attributes:
        file: the file as the user named it, or `command line`.
        line: line number, from 1; None on the command line.
        column: column number, likewise.
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
        mark: where the mistake is.
        path: path of the value, for example `model.glimpser.size`; empty for the whole file.
        message: what was expected, what was found, what would work.
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
        parts = (str(self.mark), shortened(self.path, 200), shortened(self.message, 1500))
        return ": ".join(part for part in parts if part)


class Misfit(Problem):
    """Components that are valid on their own but cannot work together."""


class RecipeError(ObjcentricError):
    """A recipe that cannot be used, with all its mistakes.

    Args:
        problems: the mistakes, in reading order; at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [str(problem) for problem in problems[:MOST]]
        if len(problems) > MOST:
            lines.append(f"… and {len(problems) - MOST} more mistakes")
        super().__init__("\n".join(lines))
        self.problems = list(problems)
