"""What came of a run."""

from typing import Any

import pytest
from told_model import Brightness, Counted

from objcentric.evaluation.target import Target
from objcentric.recipe.evaluation_recipe import Goal
from objcentric.runs.run import Run
from objcentric.runs.summary import duration, summarise, verdict
from objcentric.runs.training_state import TrainingState

TARGET = Target(Counted(), Goal("counted", 0.98))


@pytest.fixture
def run(tmp_path, tiny_recipe):
    return Run(tmp_path, tiny_recipe())


def summary_of(run, accuracies, target=TARGET, test=None):
    """Of a run with these validation figures, the last epoch also with a test figure."""
    for epoch, accuracy in enumerate(accuracies, start=1):
        line = {"epoch": epoch, "seconds": 10.0 * epoch, "images": 100 * epoch, "train": {}}
        if accuracy is not None:
            line["validation"] = {"counted": accuracy}
        if test is not None and epoch == len(accuracies):
            line["test"] = {"counted": test}
        run.append_metrics(line)
    state = TrainingState(epoch=len(accuracies), images=500, seconds=40.0, epoch_seconds=10.0)
    about: dict[str, Any] = {"device": "cpu", "versions": {}, "scenes_sha256": {}}
    return summarise(run, state, target, status="finished", **about)


def test_the_time_to_the_goal_is_that_of_the_first_validation_that_reaches_it(run):
    summary = summary_of(run, [0.5, None, 0.98, 0.97, 0.99])
    assert summary["seconds_to_98_percent"] == 30.0
    assert summary["images_to_98_percent"] == 300


def test_there_is_no_time_to_a_goal_that_was_never_reached_on_validation_scenes(run):
    summary = summary_of(run, [0.5, 0.9799], test=0.99)
    assert summary["seconds_to_98_percent"] is None
    assert summary["images_to_98_percent"] is None


def test_the_keys_follow_the_goal(run):
    target = Target(Brightness(), Goal("brightness", 0.25, "at_most"))
    summary = summary_of(run, [0.5], target)
    assert [key for key in summary if "_to_" in key] == [
        *("seconds_to_brightness_0.25", "images_to_brightness_0.25")
    ]


def test_without_a_goal_there_is_no_time_to_it(run):
    assert [key for key in summary_of(run, [0.99], None) if "_to_" in key] == []


def test_a_summary_holds_the_latest_figures_of_both_held_out_splits(run):
    summary = summary_of(run, [0.5, 0.7, None], test=0.6)
    assert summary["validation"] == {"counted": 0.7}
    assert summary["test"] == {"counted": 0.6}


def test_before_its_end_a_run_has_no_test_figures(run):
    assert summary_of(run, [0.5, 0.7])["test"] == {}


def test_a_summary_without_signs_has_an_empty_list_of_them(run):
    assert summary_of(run, [0.5, 0.7])["stuck"] == []


def test_images_a_second_are_those_of_the_whole_training(run):
    assert summary_of(run, [0.5])["images_per_second"] == 500 / 50.0


def test_the_sentence_says_how_good_how_long_and_when_the_goal_was_reached(run):
    said = verdict(summary_of(run, [0.5, 0.99], test=0.987), TARGET, 2000)
    assert said == (
        "Counted right 98.7% on 2,000 test scenes after 2 epochs (50 s); "
        "the goal, ≥ 98% on validation scenes, was reached after 20 s."
    )


def test_the_sentence_says_that_the_goal_was_not_reached(run):
    said = verdict(summary_of(run, [0.5], test=0.4), TARGET, 24)
    assert said.startswith("Counted right 40.0% on 24 test scenes after 1 epoch (50 s); ")
    assert said.endswith("the goal, ≥ 98% on validation scenes, was not reached.")


def test_without_a_goal_the_sentence_says_how_long_it_took(run):
    assert verdict(summary_of(run, [0.5, 0.6], None), None, 24) == "Trained after 2 epochs (50 s)."


def test_durations_are_as_fine_as_they_are_short():
    assert [duration(s) for s in (1.23, 38.4, 59.7, 250, 3599.6, 7500)] == [
        *("1.2 s", "38 s", "1 min 0 s", "4 min 10 s", "1 h 0 min", "2 h 5 min")
    ]
