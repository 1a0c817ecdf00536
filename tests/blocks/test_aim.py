"""Windows are pointed at places, through whichever glimpser is installed."""

from typing import Any

import pytest
import torch

from objcentric.blocks.aim import Aim, centres
from objcentric.interfaces import Glimpser
from objcentric.registry import Registry
from objcentric.scene import RequestedScene, WhereSpec
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_glimpsers.bounded import Bounded

SCENE = RequestedScene(image_shape=(1, 20, 26), objects=3, what_dim=4, glimpse=8).settled(
    SpatialTransformer.where_spec
)
GLIMPSERS = [
    entry.canonical
    for entry in Registry.discover().components(Glimpser)
    if entry.canonical != "glimpsers.whole_image"  # has no x and y to aim with
]
BATCH, SLOTS = 5, 3


def build(name: str) -> Glimpser:
    kind: Any = Registry.discover().find(Glimpser, name).load()
    glimpser: Glimpser = kind(SCENE.requested)
    return glimpser


def some_where(glimpser: Glimpser) -> torch.Tensor:
    where = glimpser.where
    noise = torch.randn(BATCH, SLOTS, where.dim)
    return torch.tensor(where.loc) + 0.5 * torch.tensor(where.scale) * noise


@pytest.mark.parametrize("name", GLIMPSERS)
def test_the_centre_of_a_window_is_where_it_is_aimed(name: str) -> None:
    glimpser = build(name)
    where = some_where(glimpser)
    centre = 1.2 * torch.rand(BATCH, SLOTS, 2) - 0.6
    aimed = Aim.by(glimpser.where).at(centre, where, glimpser)
    torch.testing.assert_close(centres(aimed, glimpser), centre, rtol=0, atol=0.02)
    kept = [i for i, name in enumerate(glimpser.where.names) if name not in ("x", "y")]
    assert (aimed[..., kept] == where[..., kept]).all()


@pytest.mark.parametrize("name", GLIMPSERS)
def test_a_place_in_the_middle_is_what_the_prior_expects(name: str) -> None:
    glimpser = build(name)
    loc = torch.tensor(glimpser.where.loc).expand(BATCH, SLOTS, -1)
    middle = centres(loc, glimpser)
    aimed = Aim.by(glimpser.where).at(middle, loc, glimpser)
    torch.testing.assert_close(aimed, loc, rtol=0, atol=1e-5)


def test_the_spatial_transformer_s_x_and_y_are_minus_scale_times_the_centre() -> None:
    glimpser = SpatialTransformer(SCENE.requested)
    where, centre = some_where(glimpser), 2 * torch.rand(BATCH, SLOTS, 2) - 1
    aimed = Aim.by(glimpser.where).at(centre, where, glimpser)
    torch.testing.assert_close(aimed[..., 1:], -where[..., :1] * centre, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", GLIMPSERS)
def test_gradients_reach_the_place_and_the_size(name: str) -> None:
    """Those of the exact solution: finite differences agree."""
    glimpser = build(name).double()
    aim = Aim.by(glimpser.where)
    where = some_where(glimpser).double()[:2].requires_grad_()
    centre = (0.6 * torch.rand(2, SLOTS, 2) - 0.3).double().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda centre, where: aim.at(centre, where, glimpser),
        (centre, where),
        eps=1e-4,
        atol=1e-3,
        rtol=1e-2,
    )


def test_a_glimpser_without_x_and_y_is_refused_by_the_names_that_it_has() -> None:
    polar = WhereSpec(("radius", "angle"), (0.0, 0.0), (1.0, 1.0))
    with pytest.raises(ValueError, match=r"coordinates x and y.*this one has: radius, angle"):
        Aim.by(polar)


@pytest.mark.parametrize("name", GLIMPSERS)
@pytest.mark.parametrize("size", [-1e4, 0.0, 1e4])
def test_windows_of_absurd_sizes_stay_finite(name: str, size: float) -> None:
    glimpser = build(name)
    where = torch.full((1, 1, glimpser.where.dim), size, requires_grad=True)
    centre = torch.ones(1, 1, 2, requires_grad=True)
    aimed = Aim.by(glimpser.where).at(centre, where, glimpser)
    # Where nothing but x and y are coordinates, the aim replaces all of where.
    slopes = torch.autograd.grad(aimed.sum(), (where, centre), materialize_grads=True)
    assert aimed.isfinite().all()
    assert all(slope.isfinite().all() for slope in slopes)


def test_a_place_that_no_window_reaches_is_approached_and_the_search_stays_plausible() -> None:
    """Windows of 0.6 of the canvas that never leave it are centred at most 0.4 from its middle."""
    glimpser = Bounded(SCENE.requested, smallest=0.3, largest=0.9)
    loc, sd = (torch.tensor(v) for v in (glimpser.where.loc, glimpser.where.scale))
    line = torch.linspace(-0.98, 0.98, 21)
    centre = torch.cartesian_prod(line, line)[None].requires_grad_()
    aimed = Aim.by(glimpser.where).at(centre, loc.expand(1, len(line) ** 2, -1), glimpser)
    assert (((aimed - loc) / sd).abs() <= 3 + 1e-4).all()
    reachable = centre.clamp(-0.4, 0.4)
    torch.testing.assert_close(centres(aimed, glimpser), reachable, rtol=0, atol=0.035)
    aimed.sum().backward()
    assert centre.grad.isfinite().all()
