"""All checks of components, as pytest's parameters."""

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
        components: classes, objects, names, or `Subject`s for what needs options.
        expected_failures: reason by check, or by `label.check`. One that passes is a failure.
        registry: where names are looked up; by default what is installed.

    Raises:
        ValueError: there is no check of a name in `expected_failures`.
        PluginError: there is no component of a name.
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
    """What is to be checked; a component that is named is called by its canonical name.

    Raises:
        PluginError: there is no component of that name.
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
