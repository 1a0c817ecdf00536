"""The kit as pytest's parameters."""

import pytest
from broken.general import Deaf
from broken.images import Gauss

from objcentric.component import Component
from objcentric.registry import PluginError
from objcentric.testing import Subject, parametrize_with_checks
from objcentric.testing.partners.add import Add
from objcentric.testing.partners.linear_decoder import LinearDecoder

PARTS: list[type[Component] | Component | Subject | str] = [
    Add,
    Gauss(),
    "air.sum",
    Subject(LinearDecoder, label="small"),
]


@parametrize_with_checks(
    [LinearDecoder, Deaf], expected_failures={"deaf.gradients": "a display has none"}
)
def test_the_decorator_runs_each_check(check) -> None:
    check()


def parameters(decorator):
    def test(check): ...

    (mark,) = decorator(test).pytestmark
    return {parameter.id: parameter for parameter in mark.args[1]}


def test_ids_name_component_and_check() -> None:
    found = parameters(parametrize_with_checks(PARTS))
    assert {"add-shapes", "gauss-normalised", "air.sum-empty_scene", "small-alpha"} <= set(found)


def test_an_expected_failure_is_strict_and_gives_its_reason() -> None:
    decorator = parametrize_with_checks([Deaf], expected_failures={"gradients": "a reason"})
    marks = {name: parameter.marks for name, parameter in parameters(decorator).items()}
    (mark,) = marks.pop("deaf-gradients")
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "a reason", "strict": True})
    assert not any(marks.values())


def test_a_failure_is_an_assertion_and_a_skip_a_skip() -> None:
    found = parameters(parametrize_with_checks([Deaf, Gauss()]))
    with pytest.raises(AssertionError, match="expected a gradient"):
        found["deaf-gradients"].values[0]()
    with pytest.raises(pytest.skip.Exception, match="an object was given"):
        found["gauss-three_channels"].values[0]()


def test_a_name_that_nobody_has_is_refused() -> None:
    with pytest.raises(PluginError, match=r"did you mean 'air.sum'"):
        parametrize_with_checks(["air.summ"])
