"""The conformance kit: what components owe each other, for our own and a stranger's alike."""

from objcentric.testing.check import Check
from objcentric.testing.check_result import CheckResult
from objcentric.testing.errors import CheckFailed, CheckSkipped, OptionError
from objcentric.testing.gradient_statistics import GradientStatistics, gradient_statistics
from objcentric.testing.parametrizing import parametrize_with_checks
from objcentric.testing.running import check_component
from objcentric.testing.subject import Subject

__all__ = [
    "Check",
    "CheckFailed",
    "CheckResult",
    "CheckSkipped",
    "GradientStatistics",
    "OptionError",
    "Subject",
    "check_component",
    "gradient_statistics",
    "parametrize_with_checks",
]
