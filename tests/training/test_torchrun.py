"""A training by `torchrun`, stopped and killed from outside."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from objcentric.runs.checkpoint import latest_checkpoint
from objcentric.training.engines.engine import Engine

NOISELESS = Path(__file__).with_name("noiseless.py")
LONG = ["training.epochs=4", "training.eval_every=4", "scenes.train=1600"]
EXACT = ["training.precision=64-true", "training.lr=1.0e-3"]  # or rounding is soon all there is
CALM = ["model.scheduler=calm_scheduler", "model.encoder=calm_encoder", "model.estimator=enumerate"]


@pytest.fixture
def plugins(tiny_plugin):
    return ["--plugin", str(tiny_plugin), "--plugin", str(NOISELESS)]


@pytest.fixture
def words(tiny_recipe_file, plugins):
    """`words("out")`: a training of 4 epochs with 100 steps each, in a folder."""
    recipe = [str(tiny_recipe_file), *LONG, *EXACT, *CALM]
    return lambda out: ["train", *recipe, "--out", out, *plugins]


@contextmanager
def started(words: list[str], folder: Path, epochs: int) -> Iterator[subprocess.Popen[str]]:
    """Two processes in training, when some epochs are over."""
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    with subprocess.Popen(
        [*torchrun, "--nproc-per-node", "2", "-m", "objcentric", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        try:
            for line in process.stdout:
                if line.startswith(f"epoch {epochs}/4"):
                    break
            yield process
        finally:
            process.kill()


def ranks(process: subprocess.Popen[str]) -> dict[int, int]:
    """The pids of torchrun's processes by rank."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = {}
    for pid in children:
        said = re.search(rb"\0RANK=(\d)\0", Path(f"/proc/{pid}/environ").read_bytes())
        if said:
            found[int(said[1])] = int(pid)
    return found


@pytest.fixture
def alone(tmp_path, monkeypatch, one_thread, no_pictures):
    """`alone("train", …)` runs a command by one process."""
    from objcentric.cli.main import build_app

    def call(*words):
        result = CliRunner().invoke(build_app(), words)
        assert result.exit_code == 0, result.output
        return result.output

    monkeypatch.chdir(tmp_path)
    return call


def lines(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def test_sigterm_stops_both_at_the_same_step_and_one_process_goes_on_as_if_alone_from_the_start(
    words, plugins, tmp_path, alone
):
    with started(words("run"), tmp_path, epochs=1) as process:
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
    assert process.returncode != 0
    assert said.count("Interrupted after") == 1
    assert "objcentric train --resume run" in said
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert (summary["status"], summary["processes"]) == ("interrupted", 2)
    state = json.loads((latest_checkpoint(tmp_path / "run/checkpoints") / "state.json").read_text())
    assert state["step"] % Engine.look_every == 0
    assert state["images"] == 16 * state["steps"]
    assert "Continuing after" in alone("train", "--resume", "run", *plugins)
    alone(*words("whole"))
    both = lines(tmp_path / "run"), lines(tmp_path / "whole")
    assert [len(each) for each in both] == [4, 4]
    for stopped, whole in zip(*both, strict=True):
        assert stopped["images"] == whole["images"]
        assert stopped["train"] == pytest.approx(whole["train"], rel=1e-6)


def test_a_killed_rank_ends_the_run_with_a_message_and_one_process_goes_on(
    words, plugins, tmp_path, alone
):
    # After the second epoch, because the line of an epoch comes before its checkpoint.
    with started(words("run"), tmp_path, epochs=2) as process:
        os.kill(ranks(process)[1], signal.SIGKILL)
        said = process.stdout.read()
    assert process.returncode != 0
    assert "another process of this training has ended" in said
    assert "Signal 9 (SIGKILL)" in said  # torchrun says which
    assert json.loads((tmp_path / "run/summary.json").read_text())["status"] == "interrupted"
    assert "Continuing after" in alone("train", "--resume", "run", *plugins)
    assert [line["epoch"] for line in lines(tmp_path / "run")] == [1, 2, 3, 4]
