"""What a run is held to."""

import pytest
from told_model import Brightness, Counted

from objcentric.evaluation.target import Target
from objcentric.recipe.evaluation_recipe import Goal

COUNTED = Goal("counted", 0.98)
DIM = Goal("brightness", 0.25, "at_most")


@pytest.mark.parametrize(
    ("target", "label", "mark"),
    [
        (Target(Counted(), COUNTED), "98_percent", "≥ 98%"),
        (Target(Counted(), Goal("counted", 0.995)), "99.5_percent", "≥ 99.5%"),
        (Target(Brightness(), DIM), "brightness_0.25", "≤ 0.25"),
    ],
)
def test_a_target_has_a_label_for_keys_and_a_mark_for_people(target, label, mark):
    assert target.label == label
    assert target.mark == mark


def test_a_recipe_without_a_goal_has_no_target():
    assert Target.of(None, [Counted()]) is None


def test_a_goal_whose_metric_does_not_apply_is_no_target():
    assert Target.of(COUNTED, [Brightness()]) is None
    assert isinstance(Target.of(COUNTED, [Brightness(), Counted()]).metric, Counted)


@pytest.mark.parametrize(
    ("figures", "reached"),
    [({"brightness": 0.25}, True), ({"brightness": 0.26}, False), ({"brightness": None}, False)],
)
def test_a_goal_may_be_to_stay_below(figures, reached):
    assert Target(Brightness(), DIM).reached_by(figures) is reached


def test_a_figure_that_is_missing_reaches_nothing():
    assert not Target(Brightness(), DIM).reached_by({})


def test_the_first_epoch_that_reaches_a_goal_does_so_on_validation_scenes():
    good, bad = {"counted": 0.98}, {"counted": 0.9799}
    lines = [
        {"epoch": 1, "train": good, "validation": bad},
        {"epoch": 2, "train": good},
        {"epoch": 3, "validation": good},
        {"epoch": 4, "validation": good, "test": good},
    ]
    target = Target(Counted(), COUNTED)
    assert target.first_reached(lines)["epoch"] == 3
    assert target.first_reached(lines[:2]) is None
    assert target.first_reached([{"epoch": 1, "validation": bad, "test": good}]) is None
