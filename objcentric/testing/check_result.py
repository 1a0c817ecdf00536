"""What came of a check."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["passed", "failed", "skipped", "expected"]


@dataclass(frozen=True)
class CheckResult:
    """What came of a check.

    Attributes:
        name: of the check.
        status: `expected` is a failure that the caller said would happen.
        message: what was expected and what was got, and the page that explains it; why it was
            skipped; a measurement. Empty where there is nothing to say.
        component: what was checked.
    """

    name: str
    status: Status
    message: str = ""
    component: str = ""
