"""`objcentric compare`, from the command line."""

import json
import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from objcentric.comparison.trial import Trial
from objcentric.recipe.wired_recipe import WiredRecipe


@pytest.fixture(scope="module")
def compare(tiny_plugin, tiny_recipe_file, odd_plugin):
    """`compare(folder, "--swap", …)` compares variants of the tiny recipe."""
    from objcentric.cli.main import build_app

    files = ["--plugin", str(tiny_plugin), "--plugin", str(odd_plugin)]

    def call(folder, *words):
        arguments = ["compare", tiny_recipe_file, *words, "--out", folder, *files]
        return CliRunner().invoke(build_app(), [str(argument) for argument in arguments])

    return call


@pytest.fixture(scope="module")
def command():
    """One run of the reference finishes, one of another arm fails, a third arm is refused."""
    swaps = ["--swap", "likelihood.explode_after=1", "--swap", "estimator=demanding"]
    return ["training.epochs=2", *swaps, "--seeds", "1", "--jobs", "2"]


@pytest.fixture(scope="module")
def compared(compare, command, tmp_path_factory):
    """A comparison that was really trained, and what was printed."""
    folder = tmp_path_factory.mktemp("comparison")
    result = compare(folder, *command)
    assert result.exit_code == 0, result.output
    return folder, result.output


@pytest.fixture
def pretended(monkeypatch):
    """Instead of training, every run calls a script with the name of its folder."""

    def use(code):
        monkeypatch.setattr(
            Trial,
            "command",
            lambda trial, plugins: [sys.executable, "-S", "-c", code, str(trial.run.path)],
        )

    return use


def content(folder):
    return json.loads((folder / "comparison.json").read_text())


def test_each_arm_is_a_row_whatever_came_of_it(compared):
    folder, printed = compared
    finished, failed, refused = content(folder)["rows"]
    assert (finished["finished"], finished["failed"]) == (1, 0)
    assert (failed["finished"], failed["failed"]) == (0, 1)
    assert refused["refusal"]
    assert "| reference | 1/1 |" in printed
    assert "| likelihood.explode_after=1 | 0/1, 1 failed |" in printed
    assert "| estimator=demanding | refused |" in printed
    assert "seed 0 failed: TrainingFailed: the loss is not finite" in printed


def test_progress_is_told_in_lines_where_there_is_no_terminal(compared):
    _, printed = compared
    assert "reference, seed 0: epoch 2/2, count accuracy " in printed
    assert "reference, seed 0: finished " in printed


def test_a_run_of_a_comparison_is_an_ordinary_run(compared, odd_registry):
    from objcentric.runs.run_folders import stored_run

    folder, _ = compared
    run = stored_run(folder / "likelihood.explode_after=1" / "seed-0", odd_registry)
    assert run.recipe.seed == 0
    assert isinstance(run.recipe.model, WiredRecipe)
    assert run.recipe.model.components["likelihood"].options["explode_after"] == 1


def test_the_same_command_again_trains_nothing(compare, command, compared):
    folder, _ = compared
    files = sorted(folder.glob("*/seed-0/*"))
    before = [file.stat().st_mtime_ns for file in files]
    result = compare(folder, *command)
    assert result.exit_code == 0, result.output
    assert [file.stat().st_mtime_ns for file in files] == before
    assert len(files) > 4


def test_a_run_that_was_cut_off_goes_on(compare, command, compared):
    folder, _ = compared
    run = folder / "reference" / "seed-0"
    summary = json.loads((run / "summary.json").read_text())
    metrics = (run / "metrics.jsonl").read_text()
    (run / "summary.json").write_text(json.dumps(summary | {"status": "running"}))
    result = compare(folder, *command)
    assert result.exit_code == 0, result.output
    assert "Continuing after 2 epochs" in run.with_suffix(".log").read_text()
    assert json.loads((run / "summary.json").read_text())["status"] == "finished"
    assert (run / "metrics.jsonl").read_text() == metrics


def test_another_command_for_the_same_folder_is_refused(compare, compared):
    folder, _ = compared
    before = content(folder)
    result = compare(folder, "training.epochs=2", "--seeds", "1")
    assert result.exit_code == 2
    assert "holds another comparison" in result.output
    assert content(folder) == before


def test_a_folder_of_something_else_is_refused_and_left_as_it_was(compare, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    (tmp_path / ".env").write_text("secret")
    result = compare(tmp_path, "--seeds", "1")
    assert result.exit_code == 2
    assert "holds no comparison" in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.tex", ".env"}


def test_a_mistake_in_a_swap_is_told_before_anything_is_made(compare, tmp_path):
    folder = tmp_path / "out"
    result = compare(folder, "--swap", "estimator=scor")
    assert result.exit_code == 2
    assert "did you mean 'score'" in result.output
    assert not folder.exists()


def test_a_comparison_of_which_every_run_failed_has_exit_code_1(compare, pretended, tmp_path):
    pretended("raise SystemExit('out of luck')")
    result = compare(tmp_path, "--seeds", "2")
    assert result.exit_code == 1
    assert "reference, seed 1 failed: exit code 1" in result.output
    assert result.output.count("out of luck") == 4  # when it happens, and in the end


def test_with_one_job_one_run_follows_the_other_and_every_arm_gets_a_seed_early(
    compare, pretended, tmp_path, monkeypatch
):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    steps = tmp_path / "steps"
    pretended(
        "import os, sys\n"
        f"file = open({str(steps)!r}, 'a', buffering=1)\n"
        "print('start', *sys.argv[1].split('/')[-2:], file=file)\n"
        "print('end', os.environ['OMP_NUM_THREADS'], os.environ['OBJCENTRIC_GROUP'], file=file)\n"
    )
    cores = len(os.sched_getaffinity(0))
    swap = ["--swap", "training.lr=0.1", "--seeds", "2", "--jobs", "1"]
    compare(tmp_path / "out", *swap)
    arms = ["reference", "training.lr=0.1"]
    assert steps.read_text().splitlines() == [
        line
        for seed in range(2)
        for arm in arms
        for line in (f"start {arm} seed-{seed}", f"end {cores} out/{arm}")
    ]


def test_what_plugins_return_for_a_comparison_reaches_every_run_and_is_asked_for_once(
    pretended, tiny_plugin, tiny_recipe_file, tmp_path
):
    from objcentric.cli.main import build_app

    pretended(
        "import os, pathlib, sys\n"
        "pathlib.Path(sys.argv[1] + '.told').write_text(os.environ['TOLD'])\n"
    )
    plugin = tmp_path / "asked.py"
    plugin.write_text(
        "from objcentric import hookimpl\n"
        "@hookimpl\n"
        "def objcentric_comparison_started(folder, recipes):\n"
        "    with (folder / 'asked').open('a') as file:\n"
        "        file.write(f'{len(recipes)} ')\n"
        "    return {'TOLD': folder.name}\n"
    )
    folder = tmp_path / "out"
    words = ["compare", tiny_recipe_file, "--swap", "training.lr=0.1", "--seeds", "2"]
    words += ["--out", folder, "--plugin", tiny_plugin, "--plugin", plugin]
    CliRunner().invoke(build_app(), [str(word) for word in words])
    assert [file.read_text() for file in folder.glob("*/*.told")] == ["out"] * 4
    assert (folder / "asked").read_text() == "2 "


def test_ctrl_c_stops_all_runs_with_a_checkpoint_and_says_how_to_go_on(
    tiny_plugin, tiny_recipe_file, tmp_path
):
    command = [sys.executable, "-m", "objcentric", "compare", tiny_recipe_file]
    command += ["training.epochs=200", "--seeds", "3", "--jobs", "2"]
    command += ["--out", tmp_path / "out", "--plugin", tiny_plugin]
    with subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        going: set[int] = set()
        while going != {0, 1}:
            line = process.stdout.readline()
            assert line, "it ended by itself"
            going |= {seed for seed in (0, 1) if line.startswith(f"reference, seed {seed}: epoch")}
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 130
    assert "run the same command again" in rest
    for seed in (0, 1):
        run = tmp_path / "out" / "reference" / f"seed-{seed}"
        assert json.loads((run / "summary.json").read_text())["status"] == "interrupted"
        assert len(list((run / "checkpoints").glob("epoch-*"))) == 1
    statuses = [run["status"] for run in content(tmp_path / "out")["runs"]]
    assert statuses == ["interrupted", "interrupted", "waiting"]
