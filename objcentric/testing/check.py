"""One demand on components."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from objcentric.testing.subject import Subject

PAGE = "docs/conformance.md"
"""Says what each check of the kit's own demands, in a section of the check's name."""

CheckFunction: TypeAlias = Callable[[Subject], str | None]
"""Raises `CheckFailed` or `CheckSkipped`, or returns what is worth knowing though the component
passes."""


@dataclass(frozen=True)
class Check:
    """A small named check.

    Attributes:
        function: what it does.
        page: where the documentation explains it; empty where the function's docstring says all.
    """

    function: CheckFunction
    page: str = PAGE

    @property
    def name(self) -> str:
        """The function's; no two checks of a component share one."""
        return self.function.__name__

    @property
    def explanation(self) -> str:
        """Where it is explained or, where it is not, what it demands."""
        if self.page:
            return f"see {self.page}#{self.name}"
        return " ".join((inspect.getdoc(self.function) or self.name).split())
