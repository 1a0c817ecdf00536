"""The figure of docs/pursuit.md shows what the scheduler does."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch
from pages import ROOT

from objcentric.recipe import load


@pytest.fixture(scope="module")
def figure() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "draw_pursuit_maps", ROOT / "docs/figures/draw_pursuit_maps.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_places_are_those_of_the_scheduler_whose_windows_are_centred_there(
    figure: ModuleType, tmp_path: Path
) -> None:
    model = load("scattered").build_model((1, 64, 64))
    image = torch.rand(1, 1, 64, 64) ** 3
    steps = figure.steps_of(model, image)
    assert len(steps) == 5  # a new scheduler is sure of its objects
    for step in steps:
        x0, y0, x1, y1 = step.box
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(step.place, abs=1e-3)
    figure.draw(steps, image[0], tmp_path / "maps.png")
    assert (tmp_path / "maps.png").stat().st_size > 1000
