"""An installed project of a stranger's brings a whole model, a metric, scenes and an interface."""

import json
import shutil
from pathlib import Path

import pytest
from fresh_environment import FreshEnvironment, build_wheel
from source_tree import ROOT

RECIPE = """\
name: vae
scenes: {use: multi_mnist, digits: bundled, canvas: 52, train: 64, validation: 16, test: 16}
model: {use: room.conv_vae, latent: 4}
training: {epochs: 1, batch_size: 32, device: cpu}
evaluation: {metrics: [sharpness, mse], goal: {metric: sharpness, at_least: 0.0}}
tracking: {wandb: "off"}
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    """An installed objcentric, with the stranger's project installed beside it."""
    project = tmp_path_factory.mktemp("project") / "room"
    shutil.copytree(ROOT / "tests" / "stranger_room", project)
    for file in (ROOT / "tests" / "stranger_model").glob("*.py"):
        shutil.copy(file, project / "src" / "stranger_room")
    environment = FreshEnvironment(tmp_path_factory.mktemp("installed"))
    environment.install(build_wheel(ROOT, tmp_path_factory.mktemp("wheel")))
    environment.install(project)
    return environment


def test_what_the_project_brings_is_listed_by_kind(environment):
    listed = json.loads(environment.objcentric("components", "--json").stdout)
    kinds = {each["name"]: each["interface"] for each in listed if each["name"].startswith("room.")}
    assert kinds == {
        "room.conv_vae": "scene_model",
        "room.sharpness": "metric",
        "room.photos": "scene_source",
        "room.tinted": "lens",
        "room.glowing": "lens",
    }


def test_its_model_trains_and_is_held_to_the_goal_of_its_metric(environment):
    (Path(environment.folder) / "vae.yaml").write_text(RECIPE, encoding="utf-8")
    done = environment.objcentric("train", "vae.yaml", "--out", "run")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((Path(environment.folder) / "run" / "summary.json").read_text())
    assert summary["status"] == "finished"
    assert summary["test"].keys() == {"sharpness", "mse"}
    assert summary["seconds_to_sharpness_0"] is not None


def test_its_model_and_its_metric_conform(environment):
    for name in ("room.conv_vae", "room.sharpness"):
        checked = environment.objcentric("check", name)
        assert checked.returncode == 0, checked.stdout


def test_components_of_its_own_interface_are_checked_by_its_own_checks(environment):
    assert environment.objcentric("check", "room.tinted").returncode == 0
    failed = environment.objcentric("check", "room.glowing")
    assert failed.returncode == 1
    assert "keeps_black" in failed.stdout
