"""A stranger's whole model, metric and scenes, each in a single file, go through every command."""

import csv
import json
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

HERE = Path(__file__).parent / "stranger_model"
VAE_RECIPE = """\
name: vae
seed: 1
scenes: {use: squares}
model: {use: conv_vae, latent: 8}
training: {epochs: 2, batch_size: 16, lr: 0.01, device: cpu}
tracking: {wandb: "off"}
"""
COUNTED = {"count_accuracy", "confusion", "slot_usage", "box_iou", "ink_enclosed"}


@pytest.fixture
def call(tiny_plugin, tmp_path, monkeypatch, one_thread):
    """`call("train", …)` runs a command in `tmp_path`, with the tiny and the stranger's plugins."""
    from objcentric.cli.main import build_app

    monkeypatch.chdir(tmp_path)
    (tmp_path / "vae.yaml").write_text(VAE_RECIPE)
    files = [tiny_plugin, *sorted(HERE.glob("*.py"))]
    plugins = [word for file in files for word in ("--plugin", str(file))]

    def run(*words):
        result = CliRunner().invoke(build_app(), [*map(str, words), *plugins])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def summary_of(run):
    return json.loads((run / "summary.json").read_text())


def lines_of(run):
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


# A model


def test_a_stranger_s_model_trains_resumes_and_is_evaluated(call, tmp_path):
    run = tmp_path / "run"
    call("train", "vae.yaml", "--out", "run")
    printed = call("train", "training.epochs=4", "--resume", "run")
    assert "Continuing after 2 epochs" in printed
    assert "Trained after 4 epochs" in printed
    summary, lines = summary_of(run), lines_of(run)
    assert (summary["status"], summary["epochs"]) == ("finished", 4)
    assert lines[-1]["train"]["loss"] < lines[0]["train"]["loss"]
    assert set(lines[0]["train"]) == {"loss", "nll", "what_kl"}
    evaluated = json.loads(call("evaluate", "run", "--json"))
    assert evaluated == summary["test"]
    assert {"mse", "elbo", "nll"} <= set(evaluated)
    assert not COUNTED & set(evaluated)
    assert not COUNTED & set(summary["validation"])


def test_the_pictures_of_a_model_without_windows_are_drawn(call, tmp_path):
    call("train", "vae.yaml", "training.epochs=1", "--out", "run")
    pictures = {path.name for path in (tmp_path / "run" / "pictures").iterdir()}
    assert {"history.png", "curves.png", "epoch-0001.png"} <= pictures


def test_an_option_of_a_stranger_s_model_is_checked_like_any_other(call, tmp_path):
    from objcentric.recipe import load
    from objcentric.recipe.problem import RecipeError
    from objcentric.registry import Registry

    registry = Registry.discover([HERE / "conv_vae.py"])
    with pytest.raises(RecipeError, match="did you mean 'latent'"):
        load("vae.yaml", ["scenes=multi_mnist", "model.latemt=3"], registry)


def test_the_elbo_of_a_stranger_s_model_is_that_of_its_own_loss(call, tmp_path):
    """Seed 0; 4,000 weights of a scene; within z = 4.5 of -(nll + KL) of as many samples, both
    with the constant of the density."""
    from objcentric.progress import Progress
    from objcentric.recipe import load
    from objcentric.registry import Registry

    files = [HERE / "conv_vae.py", Path(__file__).parent / "training" / "tiny.py"]
    model = load("vae.yaml", [], Registry.discover(files)).build_model((1, 12, 12))
    image, copies = torch.rand(1, 1, 12, 12), 4_000
    weights = model.log_weights(image, copies)[:, 0]
    with torch.no_grad():
        many = model.objective(image.expand(copies, -1, -1, -1), Progress.finished())
    losses = many.terms["nll"] + many.terms["what_kl"]
    error = ((weights.var() + losses.var()) / copies).sqrt()
    assert abs((weights.mean() + losses.mean()) / error) < 4.5


def test_a_stranger_s_model_is_an_arm_beside_the_default_wiring(call, tmp_path, tiny_recipe_file):
    words = ["training.epochs=1", "--against", "vae.yaml", "--seeds", "1", "--jobs", "1"]
    printed = call("compare", tiny_recipe_file, *words, "--out", "both")
    with (tmp_path / "both" / "comparison.csv").open(newline="") as file:
        wired, vae = csv.DictReader(file)
    assert (wired["status"], vae["status"]) == ("finished", "finished")
    assert wired["count_accuracy"]
    assert vae["count_accuracy"] == ""  # it finds no objects
    assert wired["mse"]
    assert vae["mse"]
    assert "| vae | 1/1 | – |" in printed
    assert "did not see the same scenes" not in printed


# A metric


def test_a_stranger_s_metric_is_the_goal_of_a_recipe(call, tmp_path, tiny_recipe_file):
    words = ["evaluation.metrics=[sharpness, mse]", "training.epochs=1"]
    goal = "evaluation.goal={metric: sharpness, at_most: 1.5}"
    printed = call("train", tiny_recipe_file, *words, goal, "--out", "run")
    summary = summary_of(tmp_path / "run")
    assert list(summary["test"]) == ["sharpness", "mse"]
    assert 0 <= summary["test"]["sharpness"] < 1.5
    assert summary["images_to_sharpness_1.5"] == 64
    assert "Sharpness " in printed
    assert "the goal, ≤ 1.5 on validation scenes, was reached after " in printed
    assert json.loads(call("evaluate", "run", "--json")) == summary["test"]


# Scenes


@pytest.mark.parametrize("recipe", ["tiny", "vae"])
def test_scenes_of_which_nothing_is_known_train_and_are_judged_by_their_images(
    call, tmp_path, tiny_recipe_file, recipe
):
    file = tiny_recipe_file if recipe == "tiny" else "vae.yaml"
    printed = call("train", file, "scenes=photos", "training.epochs=1", "--out", "run")
    summary = summary_of(tmp_path / "run")
    needing_counts = COUNTED - {"slot_usage"}
    assert "mse" in summary["test"]
    assert not needing_counts & set(summary["test"])
    assert not needing_counts & set(lines_of(tmp_path / "run")[0]["train"])
    assert not [key for key in summary if "_to_" in key]
    assert "accuracy" not in printed
    assert (tmp_path / "run" / "pictures" / "epoch-0001.png").is_file()
    assert json.loads(call("evaluate", "run", "--json")) == summary["test"]
