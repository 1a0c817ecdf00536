"""A distribution that is no part of this one takes the place of a component, by one line."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from fresh_environment import FreshEnvironment, build_wheel
from ruamel.yaml import YAML
from source_tree import ROOT

from objcentric.scene import RequestedScene

STRANGER = ROOT / "tests" / "stranger"
LINE = "  glimpser: {use: spatial_transformer}\n"
QUICK = (
    "training.epochs=1",
    "training.device=cpu",
    "scenes.train=256",
    "scenes.test=64",
    "tracking.wandb=off",
)


def glimpser(recipe: Path | str) -> dict[str, Any]:
    """What a recipe, given as a file or as text, says of its glimpser."""
    found: dict[str, Any] = YAML(typ="safe").load(recipe)["model"]["glimpser"]
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    """An installed objcentric, with the stranger's plugin installed beside it."""
    environment = FreshEnvironment(tmp_path_factory.mktemp("stranger"))
    environment.install(wheel)
    environment.install(STRANGER)
    return environment


@pytest.fixture
def fixed_window(monkeypatch):
    """The stranger's component, of a scene in which windows and patches have the same size."""
    monkeypatch.syspath_prepend(STRANGER / "src")
    from stranger_glimpse.fixed_window import FixedWindow

    scene = RequestedScene(image_shape=(1, 10, 12), objects=2, what_dim=3, glimpse=4)
    return FixedWindow(scene, size=4.0)


def test_the_stranger_s_plugin_is_listed_with_its_distribution(environment):
    rows = json.loads(environment.objcentric("plugins", "--json").stdout)
    assert [row for row in rows if row["plugin"] == "stranger"] == [
        {
            "plugin": "stranger",
            "distribution": "stranger-glimpse",
            "version": "1.2.3",
            "components": ["stranger.fixed_window"],
            "errors": [],
            "healthy": True,
        }
    ]


def test_one_line_of_a_recipe_trains_with_the_stranger_s_glimpser(environment):
    recipe = environment.folder / "mine.yaml"
    assert environment.objcentric("cp", "quickstart", recipe.name).returncode == 0
    text = recipe.read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    recipe.write_text(text.replace(LINE, "  glimpser: {use: fixed_window}\n"), encoding="utf-8")

    done = environment.objcentric("train", recipe.name, *QUICK, "--out", "by-line")

    assert done.returncode == 0
    run = environment.folder / "by-line"
    assert glimpser(run / "recipe.yaml")["use"] == "stranger.fixed_window"
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert (summary["status"], summary["epochs"]) == ("finished", 1)
    evaluated = environment.objcentric("evaluate", "by-line", "--json")
    assert json.loads(evaluated.stdout)["count_accuracy"] == summary["test"]["count_accuracy"]


def test_an_override_names_the_stranger_s_glimpser_and_its_options(environment):
    swap = ("model.glimpser=fixed_window", "model.glimpser.size=20")
    shown = environment.objcentric("show", "quickstart", *swap)
    assert shown.returncode == 0
    assert glimpser(shown.stdout) == {"use": "stranger.fixed_window", "size": 20.0}
    wrong = environment.objcentric("validate", "quickstart", swap[0], "model.glimpser.sise=20")
    assert wrong.returncode == 2
    assert "model.glimpser.sise" in wrong.stderr
    assert "size" in wrong.stderr.replace("sise", "")


def test_a_recipe_of_a_plugin_that_was_uninstalled_is_refused_by_name(wheel, tmp_path):
    environment = FreshEnvironment(tmp_path)
    environment.install(wheel)
    environment.install(STRANGER)
    shown = environment.objcentric("show", "quickstart", "model.glimpser=fixed_window")
    (tmp_path / "mine.yaml").write_text(shown.stdout, encoding="utf-8")
    assert environment.objcentric("validate", "mine.yaml").returncode == 0

    environment.uninstall("stranger-glimpse")

    refused = environment.objcentric("validate", "mine.yaml")
    assert refused.returncode == 2
    assert "there is no glimpser 'stranger.fixed_window'" in refused.stderr
    assert "air.spatial_transformer" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_stranger_s_windows_write_where_they_read_and_where_their_boxes_are(fixed_window):
    x0, y0 = 6, 3
    where = torch.tensor([[[(x0 + 2) / 12 * 2 - 1, (y0 + 2) / 10 * 2 - 1]]])
    image = torch.rand(1, 1, 10, 12)
    window = image[:, :, y0 : y0 + 4, x0 : x0 + 4]
    glimpse = fixed_window.read(image, where)
    torch.testing.assert_close(glimpse[:, 0], window)
    expected = torch.zeros(1, 1, 1, 10, 12)
    expected[..., y0 : y0 + 4, x0 : x0 + 4] = window
    torch.testing.assert_close(fixed_window.write(glimpse, where), expected)
    torch.testing.assert_close(
        fixed_window.boxes(where), torch.tensor([[[x0, y0, x0 + 4, y0 + 4]]]).float()
    )
