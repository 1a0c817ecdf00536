"""What a person sees of a comparison."""

from io import StringIO

import pytest
from rich.console import Console

from objcentric.comparison.comparison_display import ComparisonDisplay
from objcentric.comparison.outcome import Outcome


@pytest.fixture
def plan(plan_of):
    return plan_of("training.lr=0.1", overrides=["training.epochs=20"])


@pytest.fixture
def trials(plan, tmp_path):
    return plan.trials(tmp_path)


@pytest.fixture
def shown(plan):
    """`shown(trials, terminal, act)` is what a display prints while something is done with it."""

    def look(trials, terminal, act, quiet=False):
        file = StringIO()
        console = Console(file=file, width=100, force_terminal=terminal, color_system=None)
        outcomes = [Outcome.of(trial, plan.judgement) for trial in trials]
        made = ComparisonDisplay(console, trials, outcomes, plan.judgement, quiet=quiet)
        with made as display:
            act(display)
            return file.getvalue()

    return look


def test_a_terminal_shows_every_arm_and_seed(trials, pretend, shown):
    pretend(trials[0], [0.5] * 19 + [0.975])
    pretend(trials[1], [0.4, 0.6], status="running")
    trials[2].run.path.mkdir(parents=True)
    text = shown(trials, True, lambda display: display.update(trials[1:3]))
    cells = [
        [cell.strip() for cell in line.strip("│ ").split("│")]
        for line in text.splitlines()
        if line.startswith("│")
    ]
    assert cells == [["reference", "97.50%", "2/20 60.00%"], ["training.lr=0.1", "starting", "·"]]
    assert "1 of 4 runs have ended" in text


def test_without_a_terminal_a_run_is_heard_of_first_early_and_then_now_and_again(
    trials, pretend, shown
):
    def act(display):
        pretend(trials[0], [0.5], status="running")
        display.update(trials[:1])
        for epoch in range(2, 6):
            figures = {"count_accuracy": epoch / 10}
            line = {"epoch": epoch, "images": 64, "seconds": 1.5, "train": {}}
            trials[0].run.append_metrics(line | {"validation": figures})
            display.update(trials[:1])
            display.update(trials[:1])

    assert shown(trials, False, act).splitlines() == [
        "reference, seed 0: epoch 1/20, count accuracy 50.00%",
        "reference, seed 0: epoch 2/20, count accuracy 20.00%",
        "reference, seed 0: epoch 4/20, count accuracy 40.00%",
    ]


def test_the_figure_of_an_epoch_without_evaluation_is_that_of_training(trials, shown):
    def act(display):
        trials[0].run.path.mkdir(parents=True)
        line = {"epoch": 2, "images": 64, "seconds": 1.5}
        trials[0].run.append_metrics(line | {"train": {"count_accuracy": 0.25}})
        display.update(trials[:1])

    assert shown(trials, False, act) == "reference, seed 0: epoch 2/20, count accuracy 25.00%\n"


def test_the_end_of_a_run_is_told_with_its_figure_or_its_error(plan, trials, pretend, shown):
    pretend(trials[0], [0.5] * 20)
    pretend(trials[1], [], status="failed", error="astray")

    def act(display):
        for trial in trials[:2]:
            display.ended(trial, Outcome.of(trial, plan.judgement))

    assert shown(trials, False, act).splitlines() == [
        "reference, seed 0: finished 50.00%",
        "reference, seed 1: failed: astray",
    ]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_quiet_one_shows_only_runs_that_have_not_finished(plan, trials, pretend, shown, terminal):
    pretend(trials[0], [0.5] * 20)
    pretend(trials[1], [0.4, 0.6], status="interrupted")

    def act(display):
        display.update(trials[:2])
        for trial in trials[:2]:
            display.ended(trial, Outcome.of(trial, plan.judgement))

    lines = shown(trials, terminal, act, quiet=True).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{trials[1].name}: interrupted")
