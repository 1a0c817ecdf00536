"""Scenes to look at, and windows to look through."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Glimpser
from objcentric.scene import RequestedScene
from objcentric_glimpsers.affine import Affine
from objcentric_glimpsers.anisotropic import Anisotropic
from objcentric_glimpsers.bounded import Bounded
from objcentric_glimpsers.gaussian_filterbank import GaussianFilterbank

SCENE = RequestedScene(image_shape=(2, 30, 40), objects=3, what_dim=5, glimpse=12)
KINDS: dict[str, Callable[[], Glimpser]] = {
    "anisotropic": lambda: Anisotropic(SCENE),
    "affine": lambda: Affine(SCENE),
    "affine, stretched": lambda: Affine(SCENE, stretch=True),
    "bounded": lambda: Bounded(SCENE),
    "gaussian_filterbank": lambda: GaussianFilterbank(SCENE),
}


@pytest.fixture
def scene() -> RequestedScene:
    """Neither the canvas nor its channels are square or single, so that mix-ups show."""
    return SCENE


@pytest.fixture(params=KINDS)
def glimpser(request: pytest.FixtureRequest) -> Glimpser:
    """Each of the glimpsers."""
    return KINDS[request.param]()


@pytest.fixture
def some_where() -> Callable[..., Tensor]:
    """`some_where(glimpser)` draws (B=4, K=3, D) from the glimpser's own prior, in float64."""

    def draw(glimpser: Glimpser, batch: int = 4) -> Tensor:
        loc, scale = (torch.tensor(v).double() for v in (glimpser.where.loc, glimpser.where.scale))
        return loc + 0.7 * scale * torch.randn(batch, 3, glimpser.where.dim, dtype=torch.float64)

    return draw


@pytest.fixture
def image() -> Tensor:
    """Smooth spots, (4, 2, 30, 40), in float64."""
    return (3 * F.avg_pool2d(torch.randn(4, 2, 30, 40), 5, 1, 2)).clamp(0, 1).double()
