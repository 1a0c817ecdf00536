"""Options, objects, excuses and messages."""

import pytest
import torch
from broken.general import Deaf, Unfinished, Wide
from broken.images import Gauss
from pydantic import PositiveInt
from torch import nn

from objcentric.interfaces import Baseline, ObjectDecoder
from objcentric.scene import RequestedScene, SceneSpec
from objcentric.testing import CheckResult, OptionError, Subject, check_component
from objcentric.testing.partners.linear_baseline import LinearBaseline
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric_air.spatial_transformer import SpatialTransformer


class Advised(LinearBaseline):
    """Asks another one, and does not guess how large it is."""

    def __init__(self, scene: SceneSpec, *, advisor: Baseline, width: PositiveInt) -> None:
        super().__init__(scene)
        self.advisor = advisor
        self.wide = nn.Linear(1, width)


class PerhapsAdvised(LinearBaseline):
    def __init__(self, scene: SceneSpec, *, advisor: Baseline | None) -> None:
        super().__init__(scene)
        self.lonely = nn.Buffer(torch.tensor(advisor is None))


def statuses(results: list[CheckResult]) -> dict[str, str]:
    return {result.name: result.status for result in results}


def test_an_option_without_a_default_is_asked_for() -> None:
    with pytest.raises(OptionError, match=r"advised has an option.*'width'.*width=VALUE"):
        check_component(Advised)


def test_options_are_those_of_a_recipe_and_partners_the_kit_s_own() -> None:
    found = statuses(check_component(Advised, options={"width": 3}))
    assert found["shapes"] == "passed"
    assert "failed" not in found.values()


def test_components_inside_are_given_by_name_or_as_objects() -> None:
    scene = RequestedScene((1, 20, 20), objects=3, what_dim=4, glimpse=8).settled(
        SpatialTransformer.where_spec
    )
    for advisor in ({"use": "air.recurrent_baseline", "hidden": 2}, LinearBaseline(scene)):
        results = check_component(Advised, options={"width": 3, "advisor": advisor})
        assert "failed" not in statuses(results).values()


def test_no_component_inside_is_an_option_where_the_constructor_takes_none() -> None:
    subject = Subject(PerhapsAdvised, options={"advisor": None})
    assert subject.build().lonely
    assert not Subject(PerhapsAdvised).build().lonely
    results = check_component(PerhapsAdvised, options={"advisor": None})
    assert "failed" not in statuses(results).values()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": -1}, "width: expected greater than 0, got -1"),
        ({"width": 3, "wdith": 4}, "did you mean 'width'"),
        ({"width": 3, "advisor": "nobody"}, "there is no baseline 'nobody'"),
    ],
)
def test_wrong_options_are_the_caller_s_mistake(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        check_component(Advised, options=options)


def test_an_object_is_copied_and_checks_of_other_sizes_skip_it() -> None:
    scene = RequestedScene((1, 12, 12), objects=2, what_dim=3, glimpse=5).settled(
        SpatialTransformer.where_spec
    )
    decoder = LinearDecoder(scene)
    before = {name: value.clone() for name, value in decoder.state_dict().items()}
    found = statuses(check_component(decoder, scene=scene))
    assert found["shapes"] == "passed"
    assert found["three_channels"] == found["recipe_options"] == "skipped"
    assert "failed" not in found.values()
    assert all(torch.equal(before[name], value) for name, value in decoder.state_dict().items())
    assert all(weight.grad is None for weight in decoder.parameters())


def test_an_expected_failure_is_expected_and_says_why() -> None:
    results = check_component(Deaf, expected_failures={"gradients": "a display has none"})
    (result,) = (result for result in results if result.name == "gradients")
    assert result.status == "expected"
    assert result.message.startswith("a display has none: expected a gradient")


def test_an_expected_failure_that_passes_is_a_failure() -> None:
    reasons = {"linear_decoder.alpha": "no", "another.shapes": "of another component"}
    found = statuses(check_component(LinearDecoder, expected_failures=reasons))
    assert [name for name, status in found.items() if status == "failed"] == ["alpha"]


def test_an_excuse_for_a_check_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no check 'gradient'; did you mean 'gradients'"):
        check_component(LinearDecoder, expected_failures={"gradient": "typing"})


@pytest.mark.parametrize(("component", "culprit"), [(Unfinished, "construction"), (Wide, "shapes")])
def test_what_rests_on_a_failed_foundation_is_skipped(
    component: type[ObjectDecoder], culprit: str
) -> None:
    results = check_component(component)
    after = results[[result.name for result in results].index(culprit) + 1 :]
    assert after
    assert {(r.status, r.message) for r in after} == {("skipped", f"{culprit} fails")}


def test_an_error_of_the_component_s_own_is_shown_with_its_place() -> None:
    (failed,) = (r for r in check_component(Unfinished) if r.status == "failed")
    assert "RuntimeError: not yet" in failed.message
    assert "general.py:" in failed.message


def test_the_caller_s_random_state_is_left_alone() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    results = check_component(Gauss)
    assert torch.equal(torch.get_rng_state(), before)
    (result,) = (r for r in results if r.name == "normalised")
    assert result.message == "a density over all numbers"
