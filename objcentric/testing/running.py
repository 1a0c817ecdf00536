"""Running all checks of a component without pytest (`check_component`)."""

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
"""If one of these fails, the other checks would only repeat the failure."""


def check_component(
    component: Component | type[Component],
    *,
    options: Mapping[str, Any] | None = None,
    scene: SceneSpec | None = None,
    expected_failures: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    label: str | None = None,
) -> list[CheckResult]:
    """Applies all checks of the component's interface.

    Args:
        component: a class or an object; for an object, checks that need other sizes are skipped.
        options: constructor arguments as in a recipe, components by name.
        scene: the sizes for which an object was built, or that a class needs.
        expected_failures: reasons, by `check` or `label.check`. If one passes, it is a failure.
        registry: where components inside the component are looked up; by default the installed
            plugins.
        label: name in results; by default the class name in snake case.

    Raises:
        OptionError: an option is unknown, not valid, or required but missing.
        PluginError: a plugin failed to list its kits.
        ValueError: `expected_failures` names a check that does not exist.
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
    """The checks of a component, the most basic first, with the reasons of expected failures.

    Raises:
        ValueError: `expected_failures` names a check that does not exist.
    """
    checks = subject.catalogue.checks_of(subject.kind)
    known = list(dict.fromkeys(check.name for check in (*own_checks(), *checks)))
    for name in expected_failures:
        if (short := name.rpartition(".")[2]) not in known:
            raise ValueError(f"there is no check {short!r}{did_you_mean(short, known)}")
    for check in checks:
        excuse = expected_failures.get(f"{subject.label}.{check.name}", "")
        yield Trial(check, subject, excuse or expected_failures.get(check.name, ""))
