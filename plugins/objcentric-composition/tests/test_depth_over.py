"""Occlusion in order of depth."""

import pytest
import torch

from objcentric.drafts import Layers
from objcentric_composition.depth_over import DepthOver
from objcentric_composition.over import Over


def layers(slots: int = 3) -> Layers:
    """Random layers, with a depth of their own at each pixel."""
    color = torch.rand(2, slots, 3, 4, 4, dtype=torch.float64)
    alpha, depth = torch.rand(2, 2, slots, 1, 4, 4, dtype=torch.float64)
    return Layers(color, alpha, depth=depth)


def taken(given: Layers, order: torch.Tensor) -> Layers:
    """The layers in another order of slots."""
    assert given.alpha is not None
    assert given.depth is not None
    return Layers(given.color[:, order], given.alpha[:, order], depth=given.depth[:, order])


def test_slots_that_are_sorted_by_depth_are_composed_as_by_over():
    given, presence = layers(), torch.rand(2, 2, 3, dtype=torch.float64)
    depth = torch.arange(3.0, dtype=torch.float64)[:, None, None, None].expand_as(given.alpha)
    given = Layers(given.color, given.alpha, depth=depth)
    torch.testing.assert_close(DepthOver()(given, presence), Over()(given, presence))
    torch.testing.assert_close(DepthOver().masks(given, presence), Over().masks(given, presence))


def test_the_order_of_slots_does_not_matter():
    given, presence = layers(), torch.rand(2, 2, 3, dtype=torch.float64)
    order = torch.tensor([2, 0, 1])
    torch.testing.assert_close(
        DepthOver()(taken(given, order), presence[..., order]), DepthOver()(given, presence)
    )


def test_of_opaque_objects_the_nearest_one_is_seen_at_each_pixel():
    given = layers()
    opaque = Layers(given.color, torch.ones_like(given.alpha), depth=given.depth)
    canvas = DepthOver()(opaque, torch.ones(1, 2, 3, dtype=torch.float64))[0]
    nearest = given.depth.argmin(1, keepdim=True).expand(-1, -1, 3, -1, -1)
    assert torch.equal(canvas, given.color.gather(1, nearest)[:, 0])


def test_of_objects_at_one_depth_the_first_is_seen():
    given = layers()
    same = Layers(given.color, torch.ones_like(given.alpha), depth=torch.ones_like(given.depth))
    canvas = DepthOver()(same, torch.ones(1, 2, 3, dtype=torch.float64))[0]
    assert torch.equal(canvas, given.color[:, 0])


def test_an_absent_object_hides_nothing():
    given = layers(2)
    depth = torch.tensor([0.0, 1.0], dtype=torch.float64)[:, None, None, None]
    given = Layers(given.color, torch.ones_like(given.alpha), depth=depth.expand_as(given.alpha))
    presence = torch.tensor([0.0, 1.0], dtype=torch.float64).expand(1, 2, 2)
    assert torch.equal(DepthOver()(given, presence)[0], given.color[:, 1])


@pytest.mark.parametrize("missing", ["alpha", "depth"])
def test_layers_that_lack_something_are_refused(missing):
    given = layers()
    given = Layers(given.color, **{n: getattr(given, n) for n in {"alpha", "depth"} - {missing}})
    with pytest.raises(ValueError, match="needs layers with alpha and depth"):
        DepthOver()(given, torch.ones(1, 2, 3))
