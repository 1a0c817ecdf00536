"""All checks of a component, without pytest."""

from collections.abc import Iterator, Mapping
from typing import Any

from objcentric.component import Component
from objcentric.names import did_you_mean
from objcentric.registry import Registry
from objcentric.scene import SceneSpec
from objcentric.testing.catalogue import own_checks
from objcentric.testing.check_result import CheckResult
from objcentric.testing.subject import Subject
from objcentric.testing.trial import Trial

FOUNDATIONS = ("construction", "shapes")
"""Where one of these fails the others would only say so again."""


def check_component(
    component: Component | type[Component],
    *,
    options: Mapping[str, Any] | None = None,
    scene: SceneSpec | None = None,
    expected_failures: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    label: str | None = None,
) -> list[CheckResult]:
    """Applies every check of the component's interface.

    Args:
        component: a class, or an object; some checks need to build a class with other sizes.
        options: constructor arguments as a recipe writes them, components by name.
        scene: the sizes that an object was built for, or that a class needs.
        expected_failures: reason by check, or by `label.check`. One that passes is a failure.
        registry: where components inside the component are looked up; by default what is installed.
        label: what it is called; by default its name in snake case.

    Raises:
        OptionError: an option is unknown or not valid, or has no default and is not given.
        PluginError: a plugin fails to say how components of the interface are checked.
        ValueError: there is no check of a name in `expected_failures`.
    """
    subject = Subject(component, options=options, scene=scene, registry=registry, label=label)
    results: list[CheckResult] = []
    unsound = ""
    for trial in trials_of(subject, expected_failures or {}):
        result = trial.skipped(f"{unsound} fails") if unsound else trial.run()
        results.append(result)
        if result.name in FOUNDATIONS and result.status in ("failed", "expected"):
            unsound = result.name
    return results


def trials_of(subject: Subject, expected_failures: Mapping[str, str]) -> Iterator[Trial]:
    """The checks of a component, the foundations first, with excuses.

    Raises:
        ValueError: there is no check of a name in `expected_failures`.
    """
    checks = subject.catalogue.checks_of(subject.kind)
    known = list(dict.fromkeys(check.name for check in (*own_checks(), *checks)))
    for name in expected_failures:
        if (short := name.rpartition(".")[2]) not in known:
            raise ValueError(f"there is no check {short!r}{did_you_mean(short, known)}")
    for check in checks:
        excuse = expected_failures.get(f"{subject.label}.{check.name}", "")
        yield Trial(check, subject, excuse or expected_failures.get(check.name, ""))
