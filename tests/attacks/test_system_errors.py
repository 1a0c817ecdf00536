"""What the operating system refuses is one line; a run that it stops can go on."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from objcentric.files import whole_file, whole_folder, write_text
from objcentric.mishaps import LESS_MEMORY
from objcentric.training.engines.eager import EagerEngine

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def told(result, code=2):
    """The one line of a command that was refused; waits may say what they are for."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    (line,) = [each for each in result.stderr.splitlines() if not each.endswith("…")]
    return line


@pytest.mark.parametrize(
    "out",
    [
        "/proc/run",
        "/dev/null",
        "/dev/full/run",
        "white.npy",
        "white.npy/run",
        "pipe",
        "link",
        "long",
    ],
)
def test_a_run_folder_that_cannot_be_is_refused(attacked, call, out):
    os.mkfifo("pipe")
    Path("link").symlink_to("nowhere")
    before = sorted(os.listdir())
    where = "x" * 300 if out == "long" else out
    line = told(call("train", "tiny.yaml", "training.epochs=1", "--out", where))
    assert f"cannot use {where} as a folder: " in line
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize("command", [("pack",), ("sample",), ("infer",), ("compare",), ("cp",)])
@pytest.mark.parametrize("out", ["/proc/there", "white.npy/below", "x" * 300])
def test_an_output_that_cannot_be_is_refused(attacked, call, command, out):
    words = {
        "pack": ("pack", "done", "--out", out),
        "sample": ("sample", "done", "--out", out),
        "infer": ("infer", "done", "white.npy", "--out", out),
        "compare": ("compare", "tiny.yaml", "training.epochs=1", "--seeds", "1", "--out", out),
    }.get(command[0])
    if words is None:
        from typer.testing import CliRunner

        from objcentric.cli.main import build_app

        result = CliRunner().invoke(build_app(), ["cp", "quickstart", out])
    else:
        result = call(*words)
    assert out[:100] in told(result)


@pytest.mark.parametrize("call_of", ["fsync", "replace", "rename", "mkdir"])
@pytest.mark.parametrize("moment", [1, 3, 6, 9])
def test_a_run_that_fills_the_disk_goes_on_when_there_is_room(
    attacked, call, no_pictures, monkeypatch, call_of, moment
):
    """The disk is full from the given call on, and until it is emptied."""
    seen, real = [0], getattr(os, call_of)

    def full(*args, **kwargs):
        seen[0] += 1
        if seen[0] >= moment:
            raise FULL
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(os, call_of, full)
        result = call("train", "tiny.yaml", "training.epochs=2", "--out", "filled")
    if result.exit_code != 0:  # 0: the training makes fewer such calls
        assert "no space left on device" in told(result)
        assert not list(Path("filled").rglob("*.tmp"))
    if Path("filled/recipe.yaml").exists():
        assert call("train", "--resume", "filled").exit_code == 0
        for name in ("model.safetensors", "training.safetensors"):
            last = "checkpoints/epoch-00002-step-000000"
            whole = Path("done", last, name).read_bytes()
            assert Path("filled", last, name).read_bytes() == whole


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_full_disk_leaves_nothing_half_written(tmp_path, whole):
    from objcentric.errors import UnwritableFile

    with pytest.raises(UnwritableFile, match="no space left"), whole(tmp_path / "a"):
        raise FULL
    assert list(tmp_path.iterdir()) == []
    write_text(tmp_path / "a", "text")
    with pytest.raises(UnwritableFile, match="cannot write"):
        write_text(tmp_path / "a" / "b", "text")


OUT = {
    "host": RuntimeError(
        "[enforce fail at alloc_cpu.cpp:128] . DefaultCPUAllocator: can't allocate memory: you "
        "tried to allocate 400000000000 bytes. Error code 12 (Cannot allocate memory)"
    ),
    "cuda": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
    "python": MemoryError(),
}


@pytest.mark.parametrize("where", OUT)
def test_a_training_without_enough_memory_says_what_to_lower(
    attacked, call, no_pictures, monkeypatch, where
):
    def step(*_):
        raise OUT[where]

    monkeypatch.setattr(EagerEngine, "step", step)
    result = call("train", "tiny.yaml", "--out", "large")
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 1
    assert "Failed: out of memory" in result.output
    assert LESS_MEMORY in result.output
    assert json.loads(Path("large/summary.json").read_text())["status"] == "failed"


def test_an_evaluation_without_enough_memory_says_what_to_lower(attacked, call, monkeypatch):
    def judge(*_):
        raise OUT["cuda"]

    monkeypatch.setattr("objcentric.evaluation.evaluate.evaluate", judge)
    assert "training.batch_size" in told(call("evaluate", "done"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("training.device=cuda:99", "training.device"),
        ("training.device=cuda:99999999", "training.device"),
        ("seed=9223372036854775808", "seed"),
        ("seed=-1", "seed"),
        ("model.objects=1000000000", "model.objects"),
        ("model.what_dim=1e9", "model.what_dim"),
        ("scenes.train=1000000000000", "scenes"),
        ("training.batch_size=1000001", "training.batch_size"),
        ("training.epochs=100000000000", "training.epochs"),
        ("training.lr=.inf", "training.lr"),
    ],
)
def test_validate_refuses_what_train_refuses(attacked, call, change, said):
    for words in (("validate", "tiny.yaml", change), ("train", "tiny.yaml", change)):
        assert said in told(call(*words))
    assert not Path("runs").exists()


def test_a_model_that_no_memory_could_hold_is_refused_before_it_is_made(tiny_recipe, monkeypatch):
    from objcentric.recipe.problem import RecipeError

    monkeypatch.setattr("objcentric.recipe.recipe.machine_memory", lambda: 4 * 1000)
    with pytest.raises(RecipeError, match=r"model\.\w+: tiny\.\w+: out of memory \(tensors of"):
        tiny_recipe().build_model((1, 12, 12))


def test_sigterm_is_as_good_as_ctrl_c_before_the_training(attacked, tiny_plugin):
    """While scenes are made, which no checkpoint could follow."""
    slow = attacked / "slow.py"
    slow.write_text(
        "import time\nfrom objcentric.interfaces import SceneSource\n"
        "class Slow(SceneSource):\n    image_shape = (1, 12, 12)\n"
        "    def scenes(self, split):\n"
        "        open('making', 'w').close()\n        time.sleep(600)\n"
    )
    words = ("train", "tiny.yaml", "scenes=slow", "--quiet", "--plugin")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "objcentric", *words, str(tiny_plugin), "--plugin", "slow.py"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not Path("making").exists() and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        _, printed = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in printed
    assert not Path("runs").exists()
