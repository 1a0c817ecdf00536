"""The conformance kit: checks of what components expect of each other."""

from objcentric.testing.check import Check
from objcentric.testing.check_result import CheckResult
from objcentric.testing.errors import CheckFailed, CheckSkipped, OptionError
from objcentric.testing.exercise import Exercise
from objcentric.testing.expecting import expect, expect_equal, expect_finite
from objcentric.testing.gradient_statistics import GradientStatistics, gradient_statistics
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.parametrizing import parametrize_with_checks
from objcentric.testing.running import check_component
from objcentric.testing.subject import Subject

__all__ = [
    "Check",
    "CheckFailed",
    "CheckResult",
    "CheckSkipped",
    "Exercise",
    "GradientStatistics",
    "InterfaceKit",
    "OptionError",
    "Subject",
    "check_component",
    "expect",
    "expect_equal",
    "expect_finite",
    "gradient_statistics",
    "parametrize_with_checks",
]
