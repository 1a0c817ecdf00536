"""The result of a check (`CheckResult`)."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["passed", "failed", "skipped", "expected"]


@dataclass(frozen=True)
class CheckResult:
    """The result of one check of one component.

    Attributes:
        name: name of the check.
        status: `expected` is a failure that the caller announced.
        message: for a failure, what was expected, what was got, and the page that explains it;
            for a skipped check the reason; for a passed one a measurement, or nothing.
        component: label of the component.
    """

    name: str
    status: Status
    message: str = ""
    component: str = ""
