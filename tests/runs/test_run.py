"""Run folders."""

import json
import os
import subprocess
import sys

import pytest

from objcentric.errors import DamagedFile
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run
from objcentric.runs.run_lock import RunLock

LINE = {"epoch": 1, "images": 64, "seconds": 1.5, "train": {"loss": 2.0}}


@pytest.fixture
def run(tmp_path, tiny_recipe):
    return Run(tmp_path, tiny_recipe())


def test_a_line_that_a_kill_cut_short_does_not_count(run):
    run.append_metrics(LINE)
    with run.metrics_file.open("a") as file:
        file.write('{"epoch": 2, "tra')
    assert run.metrics() == [LINE]


@pytest.mark.parametrize("damaged", ["", "{", "[]\n", "\xff"])
def test_a_damaged_summary_is_refused_by_name(run, damaged):
    run.summary_file.write_text(damaged, encoding="latin-1")
    with pytest.raises(DamagedFile, match=r"summary\.json is damaged"):
        run.is_finished()


@pytest.mark.parametrize("damaged", ["\n", '{"epoch":\n', "3\n", "\xff\n"])
def test_damaged_figures_are_refused_by_name(run, damaged):
    run.metrics_file.write_text(json.dumps(LINE) + "\n" + damaged, encoding="latin-1")
    with pytest.raises(DamagedFile, match=r"metrics\.jsonl is damaged"):
        run.metrics()


def test_figures_of_epochs_that_will_be_trained_again_are_dropped(run):
    for epoch in (1, 2, 3):
        run.append_metrics(LINE | {"epoch": epoch, "seconds": 0.1 * epoch})
    kept = run.metrics()[:2]
    run.keep_metrics(2)
    assert run.metrics() == kept


def test_the_stored_recipe_is_the_recipe(run, tiny_registry):
    from objcentric.recipe import load

    run.write_recipe()
    assert load(run.recipe_file, (), tiny_registry).to_yaml() == run.recipe.to_yaml()


def test_a_folder_is_locked_until_its_process_ends_however_it_ends(tmp_path):
    code = (
        "import sys, pathlib; from objcentric.runs.run_lock import RunLock\n"
        "with RunLock(pathlib.Path(sys.argv[1])): print('held', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(RunFolderError, match=rf"another process \(pid {process.pid}\)"):
            RunLock(tmp_path).__enter__()
        process.kill()
    with RunLock(tmp_path):
        assert (tmp_path / RunLock.FILE).read_text() == f"{os.getpid()}\n"


def test_a_run_is_finished_when_it_has_done_the_epochs_that_are_asked_for(run):
    assert not run.is_finished()
    run.write_summary({"status": "interrupted", "epochs": 3})
    assert not run.is_finished()
    run.write_summary({"status": "finished", "epochs": 2})
    assert not run.is_finished()
    run.write_summary({"status": "finished", "epochs": 3})
    assert run.is_finished()
