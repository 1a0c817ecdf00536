"""Runs of several seeds that are trained as one model: each has an ordinary folder."""

import json
import math
import os
import signal
from contextlib import ExitStack
from io import StringIO

import pytest
import torch
from rich.console import Console

from objcentric.errors import UnwritableFile
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.run import Run
from objcentric.runs.run_folders import new_run, resumed_run
from objcentric.training.engines.noise_tape import NotStackable
from objcentric.training.engines.stack import Stack
from objcentric.training.train import train
from objcentric.training.train_together import train_together

SEEDS = (0, 1, 2)
SMALL = (
    "scenes.train=40",
    "scenes.validation=8",
    "scenes.test=8",
    "training.batch_size=8",
    "training.epochs=2",
    "training.precision=64-true",
    "training.device=cpu",
    "tracking.wandb=off",
)
"""Two epochs of five steps."""


@pytest.fixture
def stacked(tmp_path, no_pictures, one_thread, scenes_of):
    """`stacked("name")` trains three seeds in `tmp_path/name`, or goes on there."""
    registry = Registry.discover()

    def recipes(*changes):
        words = [*SMALL, *changes]
        return [load("quickstart", [*words, f"seed={s}"], registry) for s in SEEDS]

    def run_it(name, *changes):
        printed = StringIO()
        with ExitStack() as folders:
            runs = []
            for recipe in recipes(*changes):
                path = tmp_path / name / f"seed-{recipe.seed}"
                there = (path / "recipe.yaml").exists()
                entered = resumed_run(Run(path, recipe)) if there else new_run(recipe, path)
                runs.append(folders.enter_context(entered))
            scenes = scenes_of(runs[0].recipe)
            train_together(runs, scenes, registry, Console(file=printed, width=200))
        return runs, printed.getvalue()

    def alone(path, seed, *changes):
        recipe = recipes(*changes)[seed]
        there = (path / "recipe.yaml").exists()
        with resumed_run(Run(path, recipe)) if there else new_run(recipe, path) as run:
            train(run, scenes_of(recipe), registry, Console(file=StringIO()))
        return run

    run_it.alone = alone
    return run_it


def figures(run):
    """The figures of all epochs, without how long they took."""
    return [
        {
            f"{split}.{key}": value
            for split in ("train", "validation")
            for key, value in line[split].items()
        }
        for line in run.metrics()
    ]


def assert_alike(run, other):
    for mine, theirs in zip(figures(run), figures(other), strict=True):
        numbers = {key: value for key, value in mine.items() if isinstance(value, float)}
        assert numbers == pytest.approx({key: theirs[key] for key in numbers}, rel=1e-5, abs=1e-6)
    one, two = (Checkpoint.load(each.latest_checkpoint()) for each in (run, other))
    for name, value in one.model.items():
        torch.testing.assert_close(value, two.model[name], rtol=1e-6, atol=1e-9, msg=name)
    assert one.optimizer.keys() == two.optimizer.keys()
    assert torch.equal(one.noise["cpu"], two.noise["cpu"])


@pytest.mark.parametrize("changes", [(), ("scenes.endless=true",)], ids=["data set", "endless"])
def test_each_run_of_a_stack_is_the_run_that_it_would_be_alone(stacked, tmp_path, changes):
    runs, printed = stacked("stack", *changes)
    assert "seed 2: epoch 2/2  loss" in printed
    for seed, run in enumerate(runs):
        summary = json.loads(run.summary_file.read_text())
        assert (summary["status"], summary["seed"], summary["steps"]) == ("finished", seed, 10)
        assert summary["trained_together"] == 3
        assert_alike(run, stacked.alone(tmp_path / f"alone-{seed}", seed, *changes))


def after_step(monkeypatch, number, action):
    """Does something right after a step of all."""
    done, step = iter(range(1, 10**6)), Stack.step

    def followed(stack, *arguments):
        step(stack, *arguments)
        if next(done) == number:
            action(stack)

    monkeypatch.setattr(Stack, "step", followed)


def interrupt(stack):
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("step", [3, 5])
def test_an_interrupted_stack_goes_on_together_or_each_run_alone(
    stacked, tmp_path, monkeypatch, step, capfd
):
    after_step(monkeypatch, step, interrupt)
    runs, _ = stacked("broken")
    assert [run.summary()["status"] for run in runs] == ["interrupted"] * 3
    assert [run.summary()["steps"] for run in runs] == [step] * 3
    stacked.alone(runs[1].path, 1)
    whole = stacked.alone(tmp_path / "whole", 1)
    assert_alike(runs[1], whole)
    with pytest.raises(NotStackable, match="seed 1 at epoch 2, step 0"):
        stacked("broken")


def test_an_interrupted_stack_goes_on_as_a_stack(stacked, tmp_path, monkeypatch, capfd):
    after_step(monkeypatch, 3, interrupt)
    stacked("broken")
    runs, _ = stacked("broken")
    assert [run.summary()["status"] for run in runs] == ["finished"] * 3
    assert_alike(runs[2], stacked.alone(tmp_path / "whole", 2))


def spoil(stack):
    with torch.no_grad():
        stack.engines[1].model.decoder.network[0].weight[0, 0] = math.nan


def test_a_run_that_fails_leaves_the_others_alone(stacked, tmp_path, monkeypatch):
    after_step(monkeypatch, 7, spoil)
    runs, printed = stacked("stack")
    assert [run.summary()["status"] for run in runs] == ["finished", "failed", "finished"]
    assert "not finite" in runs[1].summary()["error"]
    assert "seed 1: failed: the " in printed
    assert runs[1].latest_checkpoint().name == "epoch-00001-step-000000"
    assert_alike(runs[2], stacked.alone(tmp_path / "alone", 2))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt, "interrupted"),
        (UnwritableFile("disk full"), "interrupted"),
        (ValueError("mine"), "failed"),
    ],
)
def test_what_ends_all_runs_is_in_all_summaries(stacked, tmp_path, monkeypatch, error, status):
    def fail(stack):
        raise error

    after_step(monkeypatch, 7, fail)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        stacked("stack")
    for seed in SEEDS:
        folder = tmp_path / "stack" / f"seed-{seed}"
        assert json.loads((folder / "summary.json").read_text())["status"] == status
        (checkpoint,) = (folder / "checkpoints").iterdir()
        assert checkpoint.name == "epoch-00001-step-000000"


def test_what_cannot_be_stacked_leaves_no_folder(stacked, tmp_path):
    with pytest.raises(NotStackable, match="rebar"):
        stacked("stack", "model.estimator=rebar")
    assert not list((tmp_path / "stack").glob("*/*"))
