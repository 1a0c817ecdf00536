"""One demand on the components of an interface."""

from collections.abc import Callable
from dataclasses import dataclass

from objcentric.component import Component
from objcentric.testing.subject import Subject

PAGE = "docs/conformance.md"
"""Says what each check demands, in a section of the check's name."""


@dataclass(frozen=True)
class Check:
    """A small named check.

    Attributes:
        interface: whose components it is about; `Component` for all.
        function: raises `CheckFailed` or `CheckSkipped`, or returns what is worth knowing though
            the component passes.
    """

    interface: type[Component]
    function: Callable[[Subject], str | None]

    @property
    def name(self) -> str:
        """The function's; no two checks share one."""
        return self.function.__name__

    @property
    def page(self) -> str:
        """Where the documentation explains it."""
        return f"{PAGE}#{self.name}"
