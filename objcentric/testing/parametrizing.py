"""Checks of components as parameters of pytest (`parametrize_with_checks`)."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from objcentric.component import Component
from objcentric.registry import Registry
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.running import trials_of
from objcentric.testing.subject import Subject
from objcentric.testing.trial import Trial


def parametrize_with_checks(
    components: Iterable[Component | type[Component] | Subject | str],
    *,
    expected_failures: Mapping[str, str] | None = None,
    registry: Registry | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Runs a test once for each check of each component, with ids like `my_glimpser-boxes`.

        @parametrize_with_checks([MyGlimpser, "air.sum"])
        def test_components_conform(check):
            check()

    Args:
        components: classes, objects, names, or `Subject`s, which may have options.
        expected_failures: reasons, by `check` or `label.check`. If one passes, it fails the test.
        registry: where names are looked up; by default the installed plugins.

    Raises:
        ValueError: `expected_failures` names a check that does not exist.
        PluginError: a component does not exist.
    """
    import pytest

    registry = registry or Registry.discover()
    parameters = []
    for component in components:
        for trial in trials_of(as_subject(component, registry), expected_failures or {}):
            marks = [pytest.mark.xfail(reason=trial.excuse, strict=True)] if trial.excuse else []
            parameters.append(pytest.param(partial(_verify, trial), id=trial.id, marks=marks))
    return pytest.mark.parametrize("check", parameters)


def as_subject(
    component: Component | type[Component] | Subject | str,
    registry: Registry,
    options: Mapping[str, Any] | None = None,
) -> Subject:
    """The subject of checks. A component that is given by name has its canonical name as label.

    Raises:
        PluginError: there is no component with that name.
    """
    if isinstance(component, Subject):
        return component
    if isinstance(component, str):
        entry = registry.find(Component, component)
        return Subject(entry.load(), options=options, registry=registry, label=entry.canonical)
    return Subject(component, options=options, registry=registry)


def _verify(trial: Trial) -> None:
    import pytest

    try:
        trial.verify()
    except CheckSkipped as reason:
        pytest.skip(str(reason))
