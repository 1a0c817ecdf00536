"""The size that the prior expects of a window is an option of the glimpsers."""

from typing import Any

import pytest
import torch

from objcentric.blocks.window_prior import WindowPrior
from objcentric.interfaces import Glimpser
from objcentric.registry import Registry
from objcentric.scene import RequestedScene

SCENE = RequestedScene(image_shape=(1, 40, 40), objects=3, what_dim=4, glimpse=8)
GLIMPSERS = (
    "air.spatial_transformer",
    "glimpsers.affine",
    "glimpsers.anisotropic",
    "glimpsers.gaussian_filterbank",
)


def kind_of(name: str) -> Any:
    return Registry.discover().find(Glimpser, name).load()


def sides(glimpser: Glimpser) -> torch.Tensor:
    """Width and height of the window at the mean of the prior, as fractions of the canvas."""
    box = glimpser.boxes(torch.tensor(glimpser.where.loc).expand(1, 1, -1))[0, 0]
    return (box[2:] - box[:2]) / 40


@pytest.mark.parametrize("name", GLIMPSERS)
def test_the_default_is_a_third_and_the_same_numbers_as_without_the_option(name: str) -> None:
    kind = kind_of(name)
    plain, same = kind(SCENE).where, kind.where_spec
    assert plain.names == same.names
    for got, wanted in ((plain.loc, same.loc), (plain.scale, same.scale)):
        assert torch.equal(torch.tensor(got), torch.tensor(wanted))


def test_the_default_is_air_s_prior() -> None:
    where = WindowPrior().spec("scale")
    assert (where.loc, where.scale) == ((3.0, 0.0, 0.0), (0.1, 1.0, 1.0))


@pytest.mark.parametrize("window", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("name", GLIMPSERS)
def test_windows_have_the_size_that_is_expected(name: str, window: float) -> None:
    # A filterbank's cells reach half a stride beyond its outer filters.
    tolerance = 0.15 * window if "filterbank" in name else 1e-5
    found = sides(kind_of(name)(SCENE, window=window))
    torch.testing.assert_close(found, torch.full((2,), window), atol=tolerance, rtol=0)


def test_the_prior_of_a_window_s_centre_does_not_depend_on_its_size() -> None:
    for window in (0.1, 1 / 3, 1.0):
        where = WindowPrior(window).spec("scale_x", "scale_y")
        assert [sd / where.loc[0] for sd in where.scale[2:]] == pytest.approx([1 / 3, 1 / 3])


def test_the_spread_of_sizes_is_relative_to_the_size() -> None:
    where = WindowPrior(window=0.2, window_sd=0.15).spec("scale")
    assert where.scale[0] / where.loc[0] == pytest.approx(0.15)


@pytest.mark.parametrize("stretch", [False, True])
def test_an_affine_window_has_the_size_on_every_axis_and_keeps_its_angle(stretch: bool) -> None:
    where = kind_of("glimpsers.affine")(SCENE, stretch=stretch, window=0.25).where
    assert where.loc == (*[4.0] * (1 + stretch), 0.0, 0.0, 0.0)
    assert where.scale[-1] == 0.3
