"""`objcentric train` and `objcentric evaluate`, from the command line."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import objcentric
from objcentric.runs.run_lock import RunLock


@pytest.fixture
def call(tiny_plugin, tmp_path, monkeypatch, one_thread, no_pictures):
    """`call("train", …)` runs a command in `tmp_path`, with the tiny plugin."""
    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(
        build_app(), [*(str(word) for word in words), "--plugin", str(tiny_plugin)]
    )


@pytest.fixture
def trained(call, tiny_recipe_file, tmp_path):
    """A finished run of one epoch."""
    result = call("train", tiny_recipe_file, "training.epochs=1", "--out", "run")
    assert result.exit_code == 0, result.output
    return tmp_path / "run"


def test_a_training_ends_with_a_sentence_that_says_what_was_found(call, tiny_recipe_file):
    result = call("train", tiny_recipe_file, "training.epochs=1", "--out", "run")
    assert result.exit_code == 0
    sentence = result.output.splitlines()[-1]
    assert sentence.startswith("Count accuracy ")
    assert "% on 24 test scenes after 1 epoch (" in sentence
    assert sentence.endswith("the goal, ≥ 98% on validation scenes, was not reached.")


def test_a_training_says_where_its_pictures_are_if_there_are_any(call, trained):
    (trained / "pictures").mkdir(exist_ok=True)
    (trained / "pictures" / "history.png").touch()
    result = call("train", "--resume", "run", "training.epochs=2")
    assert "Pictures: run/pictures/history.png" in result.output.splitlines()


def test_the_recipe_of_a_run_trains_the_same_bits_again(call, trained, tmp_path):
    result = call("train", "run/recipe.yaml", "--out", "again")
    assert result.exit_code == 0, result.output
    for part in ("recipe.yaml", "checkpoints/*/model.safetensors"):
        first, second = (next((tmp_path / name).glob(part)) for name in ("run", "again"))
        assert second.read_bytes() == first.read_bytes()


def test_a_summary_records_what_it_takes_to_train_again(trained, tiny_plugin):
    summary = json.loads((trained / "summary.json").read_text())
    assert {"seed", "device", "threads", "scenes_sha256", "versions"} <= summary.keys()
    versions = summary["versions"]
    assert {"objcentric", "commit", "torch", "numpy", "python", "plugins"} <= versions.keys()
    digest = hashlib.sha256(tiny_plugin.read_bytes()).hexdigest()
    assert versions["plugin_files_sha256"] == {"tiny": digest}
    if (Path(objcentric.__file__).parents[1] / ".git").exists():
        assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", versions["commit"])


def test_runs_without_a_folder_of_their_own_are_numbered(call, tiny_recipe_file, tmp_path):
    for _ in range(3):
        assert call("train", tiny_recipe_file, "training.epochs=1").exit_code == 0
    found = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert found == ["tiny-seed1", "tiny-seed1-2", "tiny-seed1-3"]


def test_a_folder_that_holds_a_run_is_refused_with_a_hint_to_resume(
    call, trained, tiny_recipe_file
):
    result = call("train", tiny_recipe_file, "--out", "run")
    assert result.exit_code == 2
    assert "--out run is not empty: continue with `--resume run`" in result.output


def test_a_folder_that_holds_something_else_is_refused(call, tmp_path, tiny_recipe_file):
    (tmp_path / "thesis.tex").write_text("precious")
    result = call("train", tiny_recipe_file, "--out", ".")
    assert result.exit_code == 2
    assert "it is no run folder" in result.output


def test_resuming_a_finished_run_says_so(call, trained):
    result = call("train", "--resume", "run")
    assert result.exit_code == 0
    assert "run has finished its 1 epochs" in result.output


@pytest.mark.parametrize("with_recipe", [True, False])
def test_a_finished_run_goes_on_with_more_epochs(call, trained, tiny_recipe_file, with_recipe):
    words = [tiny_recipe_file] if with_recipe else []
    result = call("train", *words, "training.epochs=2", "--resume", "run")
    assert result.exit_code == 0, result.output
    assert json.loads((trained / "summary.json").read_text())["epochs"] == 2
    assert "epochs: 2" in (trained / "recipe.yaml").read_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("seed=2", "seed: 1 in the run, 2 requested"),
        ("training.lr=0.5", "training.lr: 0.01 in the run, 0.5 requested"),
        ("model.likelihood.std=1.0", "model.likelihood.std: 0.3 in the run, 1.0 requested"),
    ],
)
def test_resuming_with_another_recipe_is_refused(call, trained, change, said):
    before = (trained / "recipe.yaml").read_text()
    result = call("train", change, "--resume", "run")
    assert result.exit_code == 2
    assert said in result.output
    assert (trained / "recipe.yaml").read_text() == before


def test_resuming_with_fewer_epochs_is_refused(call, tiny_recipe_file):
    assert call("train", tiny_recipe_file, "training.epochs=2", "--out", "run").exit_code == 0
    result = call("train", "training.epochs=1", "--resume", "run")
    assert result.exit_code == 2
    assert "training.epochs: 2 in the run, 1 requested" in result.output


COMMANDS = [("train", "--resume"), ("train", "training.epochs=2", "--resume"), ("evaluate",)]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_recipe_that_was_edited_after_the_training_is_refused(call, trained, command):
    file = trained / "recipe.yaml"
    edited = file.read_text().replace("std: 0.3", "std: 0.5").replace("lr: 0.01", "lr: 0.02")
    file.write_text(edited)
    result = call(*command, "run")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "run/recipe.yaml is not the recipe that epoch-00001-step-000000 was trained with:",
        "  model.likelihood.std: 0.3 in the checkpoint, 0.5 in recipe.yaml",
        "  training.lr: 0.01 in the checkpoint, 0.02 in recipe.yaml",
        "undo the change, or train a new run with --out",
    ]
    assert file.read_text() == edited


@pytest.mark.parametrize("command", COMMANDS)
def test_how_a_recipe_is_written_does_not_matter(call, trained, command):
    from ruamel.yaml import YAML

    file = trained / "recipe.yaml"
    settings = YAML(typ="safe").load(file.read_text())
    file.write_text(json.dumps(settings, indent=1).replace("0.01", "1.0e-2"))
    assert call(*command, "run").exit_code == 0


def test_a_run_that_was_killed_right_after_its_epochs_grew_goes_on(call, trained):
    file = trained / "recipe.yaml"
    file.write_text(file.read_text().replace("epochs: 1", "epochs: 2"))
    assert call("evaluate", "run").exit_code == 0
    assert call("train", "--resume", "run").exit_code == 0
    assert json.loads((trained / "summary.json").read_text())["epochs"] == 2


@pytest.mark.parametrize("command", COMMANDS[1:])
@pytest.mark.parametrize("name", ["model.safetensors", "training.safetensors"])
def test_a_flipped_byte_of_a_checkpoint_is_refused(call, trained, command, name):
    (file,) = trained.glob(f"checkpoints/*/{name}")
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    result = call(*command, "run")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{file.relative_to(trained.parent)} is damaged")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_checkpoint_of_another_run_is_refused_with_the_difference(
    call, trained, tiny_recipe_file, command
):
    words = ["training.epochs=1", "seed=5", "--out", "other"]
    assert call("train", tiny_recipe_file, *words).exit_code == 0
    (trained / "checkpoints").rename("mine")
    (trained.parent / "other" / "checkpoints").rename(trained / "checkpoints")
    result = call(*command, "run")
    assert result.exit_code == 2
    assert "  seed: 5 in the checkpoint, 1 in recipe.yaml" in result.stderr


def test_resuming_what_is_no_run_names_the_runs_beside_it(call, trained):
    result = call("train", "--resume", "ran")
    assert result.exit_code == 2
    assert "ran does not exist" in result.output
    assert "holds the runs run" in result.output


def test_a_run_in_another_process_keeps_its_folder(call, trained):
    with RunLock(trained):
        result = call("train", "training.epochs=2", "--resume", "run")
    assert result.exit_code == 2
    assert "is training in run;" in result.output


def test_a_training_without_a_recipe_asks_which(call):
    result = call("train")
    assert result.exit_code == 2
    assert "no recipe is given" in result.output


def test_out_and_resume_exclude_each_other(call, trained):
    result = call("train", "--resume", "run", "--out", "other")
    assert result.exit_code == 2
    assert "--out and --resume exclude each other" in result.output


def test_a_failed_training_ends_with_exit_code_1_and_no_traceback(call, tiny_recipe_file):
    result = call("train", tiny_recipe_file, "model.likelihood.explode_after=1", "--out", "run")
    assert result.exit_code == 1
    assert "Failed: the loss is not finite" in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_device_that_is_not_there_is_refused_and_leaves_no_folder(
    call, tiny_recipe_file, tmp_path
):
    result = call("train", tiny_recipe_file, "training.device=cuda:99", "--out", "run")
    assert result.exit_code == 2
    assert "training.device is 'cuda:99', but torch sees" in result.output
    assert not (tmp_path / "run").exists()


def test_an_interrupted_training_says_how_to_go_on(call, tiny_recipe_file, monkeypatch, capfd):
    import os
    import signal

    from objcentric.training.trainer import Trainer

    close_epoch = Trainer._close_epoch

    def interrupted(trainer):
        os.kill(os.getpid(), signal.SIGINT)
        close_epoch(trainer)

    monkeypatch.setattr(Trainer, "_close_epoch", interrupted)
    result = call("train", tiny_recipe_file, "--out", "run")
    assert result.exit_code == 130
    assert "objcentric train --resume run" in result.output
    monkeypatch.setattr(Trainer, "_close_epoch", close_epoch)
    assert call("train", "--resume", "run").exit_code == 0


def test_evaluate_makes_the_figures_of_the_summary_again_to_the_bit(call, trained):
    result = call("evaluate", "run", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads((trained / "summary.json").read_text())
    assert json.loads(result.output) == summary["test"]


@pytest.mark.parametrize("split", ["train", "validation"])
def test_evaluate_judges_by_another_split(call, trained, split):
    result = call("evaluate", "run", "--split", split, "--json")
    figures = json.loads(result.output)
    summary = json.loads((trained / "summary.json").read_text())
    assert figures.keys() == summary["test"].keys()
    assert figures != summary["test"]
    if split == "validation":
        assert figures == summary["validation"]


def test_evaluate_prints_a_table_without_json(call, trained):
    output = call("evaluate", "run").output
    assert "count accuracy" in output
    assert "24 test scenes" in output


def test_evaluate_takes_other_scenes(call, trained):
    result = call("evaluate", "run", "scenes.test=9", "--json")
    assert result.exit_code == 0, result.output
    assert sum(map(sum, json.loads(result.output)["confusion"])) == 9


def test_evaluate_takes_other_metrics(call, trained):
    words = ["evaluation.metrics=[elbo, mse]", "evaluation.goal=null"]
    result = call("evaluate", "run", *words, "--json")
    assert result.exit_code == 0, result.output
    figures, summary = json.loads(result.output), json.loads((trained / "summary.json").read_text())
    assert list(figures) == ["elbo", "mse"]
    assert figures["mse"] == summary["test"]["mse"]


def test_evaluate_takes_more_slots_where_the_weights_do_not_depend_on_them(call, tiny_recipe_file):
    words = ["model.scheduler=one_by_one", "training.epochs=1", "--out", "run"]
    assert call("train", tiny_recipe_file, *words).exit_code == 0
    result = call("evaluate", "run", "model.objects=5", "--json")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    assert len(figures["slot_usage"]) == 5
    assert {len(row) for row in figures["confusion"]} == {6}


def test_evaluate_leaves_the_run_as_it_is(call, trained):
    files = [file for file in sorted(trained.rglob("*")) if file.is_file()]
    before = [file.read_bytes() for file in files]
    assert call("evaluate", "run", "scenes.test=9").exit_code == 0
    assert [file for file in sorted(trained.rglob("*")) if file.is_file()] == files
    assert [file.read_bytes() for file in files] == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("model.objects=3", "scheduler.layer.weight is (10, 144) in the run and (15, 144) in the"),
        ("model.scheduler=one_by_one", "scheduler.once.weight is missing (and 3 more)"),
    ],
)
def test_weights_that_do_not_fit_are_one_line(call, trained, change, said):
    result = call("evaluate", "run", change)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("the weights of run do not fit the requested model: ")
    assert said in line


def test_evaluate_refuses_a_run_without_a_checkpoint(call, trained):
    import shutil

    shutil.rmtree(trained / "checkpoints")
    result = call("evaluate", "run")
    assert result.exit_code == 2
    assert "run has no checkpoint yet" in result.output


@pytest.fixture
def rewrite(trained, tiny_recipe):
    """`rewrite(**weights)` writes a checkpoint of the run anew, with other weights."""
    from dataclasses import replace
    from shutil import rmtree

    from objcentric.runs.checkpoint import Checkpoint

    def write(**weights):
        (path,) = (trained / "checkpoints").iterdir()
        checkpoint = Checkpoint.load(path)
        rmtree(path)
        replace(checkpoint, model={**checkpoint.model, **weights}).save(path.parent)

    return write


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_evaluate_refuses_weights_that_are_not_finite(call, rewrite, options):
    import torch

    rewrite(**{"encoder.layer.bias": torch.full((6,), torch.nan)})
    result = call("evaluate", "run", *options)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.endswith("some of its weights are not finite (encoder.layer.bias)")


def test_evaluate_shows_figures_that_are_not_finite_and_fails(call, rewrite):
    import torch

    rewrite(**{"scheduler.layer.bias": torch.full((10,), 1e38)})
    result = call("evaluate", "run")
    assert result.exit_code == 1
    assert result.stderr.startswith("Not finite: elbo")
    assert "count accuracy" in result.stdout
    result = call("evaluate", "run", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["elbo"] is None


@pytest.fixture
def leaving():
    """The option for a plugin file whose components end the process."""
    return ["--plugin", Path(__file__).with_name("leaving.py")]


@pytest.mark.parametrize(
    ("compositor", "said"),
    [
        ("leaves_when_built", "a component called sys.exit(0), in "),
        ("leaves_in_training", "a component called sys.exit(0), in "),
        ("leaves_by_typer", "a component raised Exit"),
    ],
)
def test_a_component_that_ends_the_process_fails_the_run(
    call, tiny_recipe_file, tmp_path, leaving, compositor, said
):
    words = [f"model.compositor={compositor}", "--out", "run", *leaving]
    result = call("train", tiny_recipe_file, *words)
    assert result.exit_code == 1
    assert f"Failed: {said}" in result.output
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["status"], summary["epochs"], summary["steps"]) == ("failed", 0, 0)
    assert summary["error"]


def test_a_component_that_ends_the_process_when_a_run_goes_on_fails_the_run(
    call, trained, monkeypatch
):
    import sys

    from objcentric.recipe.recipe import Recipe

    monkeypatch.setattr(Recipe, "build_model", lambda *_: sys.exit(0))
    result = call("train", "training.epochs=2", "--resume", "run")
    assert result.exit_code == 1
    summary = json.loads((trained / "summary.json").read_text())
    assert (summary["status"], summary["epochs"], summary["steps"]) == ("failed", 1, 4)
    assert "sys.exit(0)" in summary["error"]


@pytest.mark.parametrize(
    "words",
    [
        ["train", "scenes=leaves_with_its_scenes"],
        ["validate", "model.compositor=leaves_when_built"],
        ["compare", "model.compositor=leaves_when_built"],
    ],
)
def test_a_component_never_decides_the_exit_code_of_a_command(
    call, tiny_recipe_file, leaving, words
):
    command, change = words
    result = call(command, tiny_recipe_file, change, *leaving)
    assert result.exit_code == 1
    assert "Failed: a component called sys.exit(0)" in result.stderr


def test_an_observer_that_ends_the_process_is_a_warning(call, tiny_recipe_file, tmp_path):
    observer = ["--plugin", Path(__file__).with_name("leaving_observer.py")]
    result = call("train", tiny_recipe_file, "training.epochs=1", "--out", "run", *observer)
    assert result.exit_code == 0
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["status"] == "finished"
    for hook in ("started", "evaluated", "finished"):
        warning = f"warning: objcentric_run_{hook} of objcentric_file_leaving_observer failed"
        assert f"{warning}, training goes on: it called sys.exit(0)\n" in result.output
