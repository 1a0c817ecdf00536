"""What came of a run."""

import pytest

from objcentric.runs.run import Run
from objcentric.runs.summary import duration, ordinal, summarise, verdict
from objcentric.runs.training_state import TrainingState


@pytest.fixture
def run(tmp_path, tiny_recipe):
    return Run(tmp_path, tiny_recipe())


def summary_of(run, accuracies):
    for epoch, accuracy in enumerate(accuracies, start=1):
        line = {"epoch": epoch, "seconds": 10.0 * epoch, "images": 100 * epoch}
        test = {"count_accuracy": accuracy, "slot_usage": [0.6, 0.001]}
        run.append_metrics(line | ({} if accuracy is None else {"test": test}))
    state = TrainingState(epoch=len(accuracies), images=500, seconds=40.0, epoch_seconds=10.0)
    about = {"device": "cpu", "versions": {}, "scenes_sha256": {}}
    return summarise(run, state, status="finished", **about)


def test_the_time_to_98_percent_is_that_of_the_first_evaluation_that_reaches_it(run):
    summary = summary_of(run, [0.5, None, 0.98, 0.97, 0.99])
    assert summary["seconds_to_98_percent"] == 30.0
    assert summary["images_to_98_percent"] == 300


def test_there_is_no_time_to_98_percent_that_was_never_reached(run):
    summary = summary_of(run, [0.5, 0.9799])
    assert summary["seconds_to_98_percent"] is None
    assert summary["images_to_98_percent"] is None


def test_images_a_second_are_those_of_the_whole_training(run):
    assert summary_of(run, [0.5])["images_per_second"] == 500 / 50.0


def test_the_sentence_says_how_well_how_long_and_how_many_steps(run):
    said = verdict(run, summary_of(run, [0.5, 0.987]), 297)
    assert said.startswith(
        "Counts 98.7% of 297 held-out scenes right after 2 epochs (50 s); "
        "the 2nd step is used in 0.1%.  Pictures: "
    )


def test_ordinals_are_spelt_as_people_do():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]


def test_durations_are_as_fine_as_they_are_short():
    assert [duration(s) for s in (1.23, 38.4, 59.7, 250, 3599.6, 7500)] == [
        *("1.2 s", "38 s", "1 min 0 s", "4 min 10 s", "1 h 0 min", "2 h 5 min")
    ]
