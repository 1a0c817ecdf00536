"""A cache that is not the user's, scenes, and codes that mean them."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from objcentric.interfaces import Scenes
from objcentric.scene import RequestedScene
from objcentric_tabletop.camera import BEHIND
from objcentric_tabletop.table_window import TableWindow
from objcentric_tabletop.tabletop import Tabletop
from objcentric_tabletop.tabletop3d import Tabletop3d

SCENE = RequestedScene((3, 36, 48), objects=3, what_dim=8, glimpse=16)
SURE = 6.0
"""A class by this much above the others is one class only."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBJCENTRIC_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Fifty scenes of up to three objects."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBJCENTRIC_CACHE", str(tmp_path_factory.mktemp("cache")))
        return Tabletop3d(train=50, most=3).scenes("train")


@pytest.fixture
def build() -> Callable[..., Tabletop]:
    """`build(**options)` makes a renderer of the scenes, in double precision."""
    return lambda **options: Tabletop(SCENE.settled(TableWindow.where_spec), **options).double()


@pytest.fixture
def codes() -> Callable[[Scenes], tuple[Tensor, Tensor]]:
    """`codes(scenes)` are the what and the where that mean the scenes' objects."""

    def mean(scenes: Scenes) -> tuple[Tensor, Tensor]:
        assert scenes.labels is not None
        where = 2 * scenes.attributes["position"].double()
        classes = SURE * torch.nn.functional.one_hot(scenes.labels.clamp(min=0), 3).double()
        color = scenes.attributes["color"].double().clamp(0.01, 0.99).logit()
        sight = torch.atan2(where[..., 1] + BEHIND, where[..., 0])
        angle = 4 * (scenes.attributes["rotation"].double() * torch.pi / 2 - sight)
        turn = torch.stack([angle.cos(), angle.sin()], -1)
        return torch.cat([classes, color, turn], -1), where

    return mean
