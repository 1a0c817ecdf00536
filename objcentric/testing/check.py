"""`Check`, one named demand on components."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from objcentric.testing.subject import Subject

PAGE = "docs/conformance.md"
"""The page with one section for each of objcentric's own checks."""

CheckFunction: TypeAlias = Callable[[Subject], str | None]
"""Raises `CheckFailed` or `CheckSkipped`, or returns a message about a component that passes."""


@dataclass(frozen=True)
class Check:
    """A small named check.

    Attributes:
        function: performs the check.
        page: page of the documentation that explains it; empty if the function's docstring does.
    """

    function: CheckFunction
    page: str = PAGE

    @property
    def name(self) -> str:
        """The function's name; no two checks of a component have the same."""
        return self.function.__name__

    @property
    def explanation(self) -> str:
        """Where the check is explained; without a page, what it demands."""
        if self.page:
            return f"see {self.page}#{self.name}"
        return " ".join((inspect.getdoc(self.function) or self.name).split())
