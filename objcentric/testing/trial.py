"""`Trial`, a check together with the component to which it is applied."""

import traceback
from dataclasses import dataclass

import torch

from objcentric.errors import DataUnavailable
from objcentric.testing.check import Check
from objcentric.testing.check_result import CheckResult, Status
from objcentric.testing.checks.surroundings import settings_restored
from objcentric.testing.errors import CheckFailed, CheckSkipped, OptionError
from objcentric.testing.subject import Subject

SEED = 0


@dataclass(frozen=True)
class Trial:
    """A check together with the component to which it is applied.

    Attributes:
        check: the check.
        subject: the component.
        excuse: why the check is expected to fail; empty if it is not.
    """

    check: Check
    subject: Subject
    excuse: str = ""

    @property
    def id(self) -> str:
        """`component-check`."""
        return f"{self.subject.label}-{self.check.name}"

    def verify(self) -> str:
        """Applies the check, and returns a message about a component that passes.

        The seed is fixed. The caller's random number generator is left as it was.

        Raises:
            CheckFailed: the component fails, or raises another error.
            CheckSkipped: the check does not apply to it.
            OptionError: it cannot be built with the options that the caller gave.
        """
        try:
            devices = range(torch.cuda.device_count())
            with torch.random.fork_rng(devices=devices), settings_restored():
                torch.manual_seed(SEED)
                return self.check.function(self.subject) or ""
        except (CheckSkipped, OptionError):
            raise
        except DataUnavailable as error:
            raise CheckSkipped(str(error)) from error
        except CheckFailed as error:
            raise CheckFailed(self._message(str(error))) from error
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            got = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
            raise CheckFailed(self._message(f"expected no error, got {got}")) from error

    def run(self) -> CheckResult:
        """Applies the check, and returns the result.

        Raises:
            OptionError: as for `verify`.
        """
        try:
            message = self.verify()
        except CheckSkipped as reason:
            return self._result("skipped", str(reason))
        except CheckFailed as error:
            if self.excuse:
                return self._result("expected", f"{self.excuse}: {error}")
            return self._result("failed", str(error))
        if self.excuse:
            return self._result("failed", f"passes, but was expected to fail: {self.excuse}")
        return self._result("passed", message)

    def skipped(self, reason: str) -> CheckResult:
        """The result of not applying it."""
        return self._result("skipped", reason)

    def _result(self, status: Status, message: str) -> CheckResult:
        return CheckResult(self.check.name, status, message, self.subject.label)

    def _message(self, text: str) -> str:
        return f"{text} ({self.check.explanation})"
