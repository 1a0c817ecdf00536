"""The figures of a comparison, from run folders made by hand."""

import pytest

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.tables import HEADERS, notes, to_markdown


@pytest.fixture
def plan(plan_of):
    return plan_of("training.lr=0.1", "estimator=demanding", seeds=3)


@pytest.fixture
def compared(plan, pretend, tmp_path):
    """The reference counts well with two of three seeds; of the other arm one run failed."""
    trials = plan.trials(tmp_path)
    for trial, accuracies in zip(
        trials[:3], [[0.5, 0.98, 0.97], [0.99, 0.99, 1.0], [0.9, 0.95, 0.985]], strict=True
    ):
        pretend(trial, accuracies)
    pretend(trials[3], [0.4, 0.6, 0.7])
    pretend(trials[4], [0.99], status="failed", error="TrainingFailed: astray")
    outcomes = [Outcome.of(trial) for trial in trials]
    return Comparison(plan, Machine(cores=2, jobs=2), outcomes)


def test_a_row_has_median_worst_best_and_how_many_got_there(compared):
    row = compared.rows[0]
    assert (row.seeds, row.finished, row.failed) == (3, 3, 0)
    assert row.median_count_accuracy == 0.985
    assert (row.worst_count_accuracy, row.best_count_accuracy) == (0.97, 1.0)
    assert row.success_rate == pytest.approx(2 / 3)  # the first was there, but did not end there
    assert row.reached == 3
    assert row.median_images_to_98_percent == 120
    assert row.median_seconds_to_98_percent == 3.0
    assert row.median_elbo == -101.0


def test_a_failed_run_is_no_success_and_its_figures_are_not_among_the_others(compared):
    row = compared.rows[1]
    assert (row.seeds, row.finished, row.failed) == (3, 1, 1)
    assert row.median_count_accuracy == row.best_count_accuracy == 0.7
    assert row.success_rate == 0.0
    assert row.reached == 0
    assert row.median_images_to_98_percent is None


def test_a_refused_arm_is_a_row(compared):
    row = compared.rows[2]
    assert row.seeds == 0
    assert "needs 'a miracle'" in row.refusal


def test_the_table_of_a_page_has_a_line_an_arm(compared):
    lines = [line for line in to_markdown(compared).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == list(HEADERS)
    median, worst, best = "98.50%", "97.00%", "100.00%"
    ends = ["67%", "3.0 s", "120 (3/3)", "-101.0", "97.00 100.00 98.50"]
    failed = ["0%", "–", "– (0/3)", "-100.0", "70.00 – –"]
    assert cells[2:] == [
        ["reference", "3/3", median, worst, best, *ends],
        ["training.lr=0.1", "1/3, 1 failed", *["70.00%"] * 3, *failed],
        ["estimator=demanding", "refused", *["–"] * 8],
    ]


def test_notes_say_what_the_table_has_no_room_for(compared):
    text = "\n".join(notes(compared))
    assert "reference: training.lr=0.01, estimator=tiny.score" in text
    assert "estimator=demanding is refused: " in text
    assert "training.lr=0.1, seed 1 failed: TrainingFailed: astray" in text
    assert "1 runs have not ended" in text
    assert "not see the same scenes" not in text


def test_arms_that_saw_other_scenes_are_noted(plan_of, pretend, tmp_path):
    plan = plan_of("training.lr=0.1", seeds=1)
    reference, other = plan.trials(tmp_path)
    pretend(reference, [0.5, 0.5, 0.5])
    pretend(other, [0.5, 0.5, 0.5], scenes_sha256={"train": "a", "test": "another"})
    outcomes = [Outcome.of(reference), Outcome.of(other)]
    comparison = Comparison(plan, Machine(cores=2, jobs=2), outcomes)
    assert not comparison.same_scenes
    assert any("did not see the same scenes" in note for note in notes(comparison))


@pytest.mark.parametrize(
    ("summary", "exit_code", "status", "said"),
    [
        ({"status": "finished"}, None, "finished", ""),
        ({"status": "finished", "epochs": 2}, None, "interrupted", ""),
        ({"status": "interrupted"}, 130, "interrupted", ""),
        ({"status": "running"}, None, "interrupted", ""),
        ({"status": "running"}, -9, "failed", "killed by signal 9"),
        ({"status": "failed", "error": "astray"}, 1, "failed", "astray"),
    ],
)
def test_a_run_has_the_status_of_its_summary_and_of_its_process(
    plan, pretend, tmp_path, summary, exit_code, status, said
):
    trial = plan.trials(tmp_path)[0]
    pretend(trial, [0.5, 0.5, 0.5], **summary)
    trial.log.write_text("the last words\n\n")
    outcome = Outcome.of(trial, exit_code)
    assert outcome.status == status
    assert said in outcome.error
    assert (outcome.error == "") == (said == "")


def test_a_process_that_ends_without_a_run_leaves_its_last_words(plan, tmp_path):
    trial = plan.trials(tmp_path)[0]
    trial.log.parent.mkdir()
    trial.log.write_text("the first words\nthe last words\n\n")
    outcome = Outcome.of(trial, 2)
    assert outcome.status == "failed"
    assert outcome.error == "exit code 2, and seed-0.log ends: the last words"


def test_a_run_that_is_not_there_yet_is_waiting(plan, tmp_path):
    assert Outcome.of(plan.trials(tmp_path)[0]).status == "waiting"
