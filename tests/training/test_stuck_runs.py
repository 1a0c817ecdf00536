"""A run that is stuck says so while it runs."""

import json
from pathlib import Path

import pytest

from objcentric.evaluation.signs import SIGNS
from objcentric.registry import Registry


@pytest.fixture
def tiny_registry(tiny_plugin):
    return Registry.discover([tiny_plugin, Path(__file__).with_name("settled.py")])


def settled(present: int, draws: bool) -> str:
    """A change of the tiny recipe to a model that finds the same in every image."""
    return f"model={{use: settled, present: {present}, draws: {str(draws).lower()}}}"


def warnings(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith("warning: ")]


def test_a_run_without_objects_warns_once_and_its_summary_says_so(train_tiny):
    done = train_tiny("run", settled(0, draws=False), "training.epochs=6")
    found = {"sign": "no_objects", "epoch": 4, "figure": 1.0}
    assert json.loads(done.run.summary_file.read_text())["stuck"] == [found]
    (warning,) = warnings(done.printed)
    assert "(no_objects), epoch 4: no object is found in 100.0% of" in warning


def test_a_run_in_which_all_slots_are_present_for_nothing_warns(train_tiny):
    done = train_tiny("run", settled(2, draws=False), "training.epochs=4")
    assert done.summary["stuck"] == [{"sign": "always_all", "epoch": 4, "figure": 1.0}]
    (warning,) = warnings(done.printed)
    assert "(always_all)" in warning


@pytest.mark.parametrize("present", [1, 2])
def test_a_run_whose_slots_all_explain_something_has_an_empty_list(train_tiny, present):
    done = train_tiny("run", settled(present, draws=True), "training.epochs=4")
    assert json.loads(done.run.summary_file.read_text())["stuck"] == []
    assert warnings(done.printed) == []


def test_a_run_of_three_epochs_is_too_short_to_be_stuck(train_tiny):
    done = train_tiny("run", settled(0, draws=False))
    assert done.summary["stuck"] == []


def test_every_evaluation_has_the_figures_of_all_signs_and_metrics_have_none(train_tiny):
    done = train_tiny("run", settled(1, draws=True), "training.epochs=4", "training.eval_every=2")
    evaluated = {line["epoch"]: line["signs"] for line in done.run.metrics() if "signs" in line}
    assert list(evaluated) == [2, 4]
    assert all(set(figures) == {sign.name for sign in SIGNS} for figures in evaluated.values())
    for split in ("validation", "test"):
        assert not [key for key in done.summary[split] if key.startswith("signs")]


def test_a_run_that_goes_on_warns_no_second_time(train_tiny):
    before = train_tiny("run", settled(0, draws=False), "training.epochs=4")
    after = train_tiny("run", settled(0, draws=False), "training.epochs=6")
    assert after.summary["epochs"] == 6
    assert after.summary["stuck"] == before.summary["stuck"] != []
    assert warnings(after.printed) == []
