"""`objcentric train --seeds`: several seeds as one model, from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from objcentric.cli.seeds import read_seeds
from objcentric.errors import ObjcentricError
from objcentric.runs.checkpoint import Checkpoint, latest_checkpoint


@pytest.fixture
def call(tiny_plugin, tiny_recipe_file, tmp_path, monkeypatch, one_thread, no_pictures):
    """`call(…)` runs `objcentric train` on the tiny recipe in `tmp_path`."""
    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)

    def run_it(*words):
        command = ["train", str(tiny_recipe_file), *words, "--plugin", str(tiny_plugin)]
        return CliRunner().invoke(build_app(), command)

    return run_it


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("0..3", [0, 1, 2, 3]), ("5", [5]), ("0,7,2", [0, 7, 2]), ("0..1, 4", [0, 1, 4])],
)
def test_seeds_are_read(text, seeds):
    assert read_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "3..1", "a", "1,,2", "-1", "0..99999999", "1,1", "0..2,1"])
def test_what_are_no_seeds_is_refused(text):
    with pytest.raises(ObjcentricError, match="--seeds"):
        read_seeds(text)


def summaries(folder):
    return [json.loads((folder / f"seed-{n}" / "summary.json").read_text()) for n in range(3)]


def weights(folder, seed):
    return Checkpoint.load(latest_checkpoint(folder / f"seed-{seed}" / "checkpoints")).model


def test_every_seed_has_a_folder_and_the_same_command_goes_on(call, tmp_path):
    words = ("training.epochs=1", "--seeds", "0..2", "--out", "many")
    first = call(*words)
    assert first.exit_code == 0, first.output
    assert "3 seeds as one, in many" in first.output
    assert first.output.count("Count accuracy") == 3
    assert [s["status"] for s in summaries(tmp_path / "many")] == ["finished"] * 3
    again = call(*words)
    assert (again.exit_code, "as one" in again.output) == (0, False)
    more = call("training.epochs=2", *words[1:])
    assert more.exit_code == 0, more.output
    assert [s["epochs"] for s in summaries(tmp_path / "many")] == [2] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("seed=3", "--seeds", "0..1"), "seed=… and --seeds exclude each other"),
        (("--seeds", "0..1", "--resume", "run"), "--seeds needs a RECIPE"),
        (("--seeds", "0..1", "model.estimator=rebar"), "not vmappable: gradient estimator"),
    ],
)
def test_what_does_not_go_together_is_refused(call, tmp_path, words, said):
    result = call(*words, "--out", "many")
    assert isinstance(result.exception, ObjcentricError) or result.exit_code == 2
    assert said in f"{result.exception} {result.output}"
    assert not list(tmp_path.glob("many/*/*"))


@pytest.mark.parametrize("number", [3, 5])
def test_seeds_killed_between_two_checkpoints_go_on(
    call, tiny_plugin, tiny_recipe_file, tmp_path, number
):
    script, folder = Path(__file__).with_name("killed_stack.py"), tmp_path / "killed"
    words = [str(tiny_plugin), str(tiny_recipe_file), str(folder), str(number)]
    killed = subprocess.run(
        [sys.executable, str(script), *words],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert killed.returncode == -9
    assert [s["status"] for s in summaries(folder)] == ["running"] * 3
    found = [latest_checkpoint(folder / f"seed-{seed}" / "checkpoints") for seed in range(3)]
    assert len({path and path.name for path in found}) == 2  # one seed is behind the others
    result = call("training.epochs=2", "--seeds", "0..2", "--out", str(folder))
    assert result.exit_code == 0, result.output
    whole = call("training.epochs=2", "--seeds", "0..2", "--out", "whole")
    assert whole.exit_code == 0, whole.output
    for seed in range(3):
        for name, value in weights(folder, seed).items():
            torch.testing.assert_close(value, weights(tmp_path / "whole", seed)[name])
