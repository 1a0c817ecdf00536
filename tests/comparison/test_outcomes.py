"""The figures of a comparison, from run folders made by hand."""

import pytest

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.tables import headers, legend, notes, to_markdown


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
    outcomes = [Outcome.of(trial, plan.judgement) for trial in trials]
    return Comparison(plan, Machine(cores=2, jobs=2), outcomes)


def test_a_row_has_median_worst_best_and_how_many_got_there(compared):
    row = compared.rows[0]
    assert (row.seeds, row.finished, row.failed) == (3, 3, 0)
    assert row.metric == "count_accuracy"
    assert row.each == (0.97, 1.0, 0.985)
    assert row.median == 0.985
    assert (row.worst, row.best) == (0.97, 1.0)
    assert row.success_rate == pytest.approx(2 / 3)  # the first was there, but did not end there
    assert row.reached == 3
    assert row.median_images_to_goal == 128
    assert row.median_seconds_to_goal == 3.0
    assert row.medians["elbo"] == -101.0
    assert row.medians["count_accuracy"] == row.median


def test_a_failed_run_is_no_success_and_its_figures_are_not_among_the_others(compared):
    row = compared.rows[1]
    assert (row.seeds, row.finished, row.failed) == (3, 1, 1)
    assert row.median == row.best == 0.7
    assert row.success_rate == 0.0
    assert row.reached == 0
    assert row.median_images_to_goal is None
    assert row.each == (0.7, None, None)


def test_a_refused_arm_is_a_row(compared):
    row = compared.rows[2]
    assert row.seeds == 0
    assert "needs 'a miracle'" in row.refusal


def tables(text):
    """The cells of each Markdown table, without the lines below the headers."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [[table[0], *table[2:]] for table in found if table]


def test_the_table_of_a_page_has_a_line_an_arm(compared):
    table, _ = tables(to_markdown(compared))
    assert table[0] == list(headers(compared.plan.judgement))
    assert table[0][5:8] == ["≥ 98%", "time to ≥ 98%", "images to ≥ 98%"]
    median, worst, best = "98.50%", "97.00%", "100.00%"
    ends = ["67%", "3.0 s", "128 (3/3)", "97.00% 100.00% 98.50%"]
    failed = ["0%", "–", "– (0/3)", "70.00% – –"]
    assert table[1:] == [
        ["reference", "3/3", median, worst, best, *ends],
        ["training.lr=0.1", "1/3, 1 failed", *["70.00%"] * 3, *failed],
        ["estimator=demanding", "refused", *["–"] * 7],
    ]


def test_a_second_table_has_the_medians_of_the_other_figures_that_there_are(compared):
    _, others = tables(to_markdown(compared))
    assert others == [
        ["arm", "ELBO (nats per image)"],
        ["reference", "-101.00"],
        ["training.lr=0.1", "-100.00"],
    ]


def test_arms_are_judged_by_the_goal_of_the_reference(plan_of, pretend, tmp_path):
    """A run is good that ends at most at the goal."""
    goal = ["evaluation.goal={metric: elbo, at_least: null, at_most: -101}"]
    plan = plan_of(overrides=goal, seeds=3)
    trials = plan.trials(tmp_path)
    for trial in trials:
        pretend(trial, [0.5, 0.6, 0.7])  # ELBO -100, -101, -102 by seed
    outcomes = [Outcome.of(trial, plan.judgement) for trial in trials]
    (row,) = Comparison(plan, Machine(cores=2, jobs=2), outcomes).rows
    assert row.metric == "elbo"
    assert row.success_rate == pytest.approx(2 / 3)
    assert row.reached == 2
    assert headers(plan.judgement)[5] == "≤ -101"
    assert "on test scenes" in legend(plan.judgement)


def test_the_best_of_what_should_be_low_is_the_lowest(plan_of, pretend, tmp_path):
    plan = plan_of(overrides=["evaluation.metrics=[mse]"], seeds=3)
    trials = plan.trials(tmp_path)
    for trial, mse in zip(trials, [0.3, 0.1, 0.2], strict=True):
        pretend(trial, [0.5, 0.5, 0.5], test={"mse": mse})
    outcomes = [Outcome.of(trial, plan.judgement) for trial in trials]
    (row,) = Comparison(plan, Machine(cores=2, jobs=2), outcomes).rows
    assert (row.median, row.worst, row.best) == (0.2, 0.3, 0.1)
    assert row.success_rate is None  # there is no goal
    assert row.reached == 0


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
    pretend(
        other, [0.5, 0.5, 0.5], scenes_sha256={"train": "a", "validation": "c", "test": "another"}
    )
    outcomes = [Outcome.of(trial, plan.judgement) for trial in (reference, other)]
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
    outcome = Outcome.of(trial, plan.judgement, exit_code)
    assert outcome.status == status
    assert said in outcome.error
    assert (outcome.error == "") == (said == "")


def test_a_process_that_ends_without_a_run_leaves_its_last_words(plan, tmp_path):
    trial = plan.trials(tmp_path)[0]
    trial.log.parent.mkdir()
    trial.log.write_text("the first words\nthe last words\n\n")
    outcome = Outcome.of(trial, plan.judgement, 2)
    assert outcome.status == "failed"
    assert outcome.error == "exit code 2, and seed-0.log ends: the last words"


def test_a_run_that_is_not_there_yet_is_waiting(plan, tmp_path):
    assert Outcome.of(plan.trials(tmp_path)[0], plan.judgement).status == "waiting"
