"""Nothing is lost or spoilt by SIGKILL, whenever it comes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from objcentric.runs.run import Run
from objcentric.runs.run_folders import new_run, resumed_run


def test_a_run_killed_at_any_moment_ends_with_the_weights_of_one_that_was_not(
    tiny_plugin, tiny_recipe_file, tiny_recipe, train_tiny, learned, tmp_path
):
    script = Path(__file__).with_name("killed.py")
    subprocess.run(
        [sys.executable, str(script), str(tiny_plugin), str(tiny_recipe_file), str(tmp_path)],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    recipe = tiny_recipe("training.epochs=2")
    whole = learned(Run(tmp_path / "whole", recipe))
    killed = sorted(path.name for path in tmp_path.glob("[0-9]*"))
    assert len(killed) > 40  # 8 batches, and what each epoch writes and removes
    for name in killed:
        done = train_tiny(name, "training.epochs=2")
        assert done.summary["status"] == "finished"
        assert learned(done.run) == whole, f"killed at moment {name}"
        checkpoints = sorted(path.name for path in done.run.checkpoints.iterdir())
        assert checkpoints == [
            "epoch-00001-step-000000",
            "epoch-00002-step-000000",
        ], f"killed at moment {name}"


def test_a_run_has_finished_only_when_its_report_is_drawn(train_tiny, monkeypatch):
    """Who is killed while it is drawn would otherwise have none, and nothing would say so."""
    drawn = []

    def draw(trained, summary):
        drawn.append((trained.run.summary()["status"], summary["status"]))
        if len(drawn) == 1:
            raise KeyboardInterrupt  # a second Ctrl-C

    monkeypatch.setattr("objcentric.training.train.report_run", draw)
    with pytest.raises(KeyboardInterrupt):
        train_tiny("run", "training.epochs=1")
    done = train_tiny("run", "training.epochs=1")
    assert drawn == [("running", "finished")] * 2
    assert done.summary["status"] == "finished"


@pytest.mark.parametrize("begun", [True, False])
def test_what_killed_processes_have_left_half_written_is_removed(tiny_recipe, tmp_path, begun):
    recipe, path = tiny_recipe(), tmp_path / "run"
    (path / "pictures").mkdir(parents=True)
    left = [".recipe.yaml.17.tmp", ".summary.json.18.tmp", ".metrics.jsonl.18.tmp"]
    left += [".report.html.19.tmp"] + ["pictures/.curves.png.19.tmp"] * begun
    others = [".mine.17.tmp", ".recipe.yaml.tmp", "pictures/curves.png"][: 3 if begun else 2]
    if not begun:
        (path / "pictures").rmdir()
    for name in (*left, *others):
        (path / name).write_text("half")
    with resumed_run(Run(path, recipe)) if begun else new_run(recipe, path):
        assert [name for name in left if (path / name).exists()] == []
        assert all((path / name).exists() for name in others)
