"""`objcentric compare --stack`: seeds of an arm as one model, the rest one by one."""

import json

import pytest
from typer.testing import CliRunner

from objcentric.comparison.stacks import stacks_of


@pytest.fixture
def trials_of(plan_of, tmp_path):
    """`trials_of(5, "estimator=a,b")` plans trials with five seeds."""
    return lambda seeds, *swaps: plan_of(*swaps, seeds=seeds).trials(tmp_path)


def test_seeds_of_one_arm_are_stacked_and_single_ones_are_left(trials_of):
    trials = trials_of(5, "training.lr=0.02")
    names = [stack.name for stack in stacks_of(trials, 2)]
    arms = list(dict.fromkeys(trial.arm.name for trial in trials))
    assert len(arms) == 2
    assert names == [f"{arm}, seeds {pair}" for arm in arms for pair in ("0-1", "2-3")]
    assert [len(stack.trials) for stack in stacks_of(trials, 3)] == [3, 2, 3, 2]


def test_what_is_done_is_in_no_stack(trials_of, pretend):
    trials = trials_of(4)
    pretend(trials[1], [0.5, 0.6, 0.7])
    (stack,) = stacks_of(trials, 4)
    assert [trial.seed for trial in stack.trials] == [0, 2, 3]


def test_a_stack_is_one_command_into_the_folders_of_its_runs(trials_of):
    (stack,) = stacks_of(trials_of(3), 3)
    words = stack.command([])
    first = stack.trials[0]
    assert words[words.index("--seeds") + 1] == "0,1,2"
    assert words[words.index("--out") + 1] == str(first.run.path.parent)
    assert stack.log == first.run.path.parent / "seeds-0-2.log"


def test_what_can_be_stacked_is_and_the_rest_is_trained_one_by_one(
    tiny_plugin, tiny_recipe_file, tmp_path
):
    from objcentric.cli.main import build_app

    folder = tmp_path / "comparison"
    words = ["compare", tiny_recipe_file, "training.epochs=1", "--seeds", 2, "--stack", 2]
    words += ["--swap", "estimator=rebar", "--jobs", 1, "--out", folder, "--plugin", tiny_plugin]
    result = CliRunner().invoke(build_app(), [str(word) for word in words])
    assert result.exit_code == 0, result.output
    assert "note: --stack is meant for GPUs" in result.output
    said = [line for line in result.output.splitlines() if "seeds 0-1" in line]
    assert [line.split(";")[0] for line in said] == [
        "reference, seeds 0-1: training as one",
        "estimator=rebar, seeds 0-1: training as one",
        "estimator=rebar, seeds 0-1: 2 are trained one by one",
    ]
    rows = json.loads((folder / "comparison.json").read_text())["rows"]
    assert [row["finished"] for row in rows] == [2, 2]
    assert not (folder / "reference" / "seed-0.log").exists()  # it had no process of its own
    (log,) = folder.glob("*rebar*/seeds-0-1.log")
    assert "not vmappable: gradient estimator estimators.rebar" in log.read_text()
