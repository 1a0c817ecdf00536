"""Occlusion in order of depth."""

import pytest
import torch

from objcentric.drafts import Layers
from objcentric_composition.depth_over import DepthOver
from objcentric_composition.over import Over


def layers(depth: list[float]) -> Layers:
    """Random layers of slots at these depths, the same for two images."""
    color = torch.rand(2, len(depth), 3, 4, 4, dtype=torch.float64)
    alpha = torch.rand(2, len(depth), 1, 4, 4, dtype=torch.float64)
    return Layers(color, alpha, depth=torch.tensor(depth, dtype=torch.float64).expand(2, -1))


def opaque(given: Layers) -> Layers:
    return Layers(given.color, torch.ones_like(given.color[:, :, :1]), depth=given.depth)


def test_slots_that_are_sorted_by_depth_are_composed_as_by_over():
    given, presence = layers([0.5, 2.0, 3.0]), torch.rand(2, 2, 3, dtype=torch.float64)
    torch.testing.assert_close(DepthOver()(given, presence), Over()(given, presence))
    torch.testing.assert_close(DepthOver().masks(given, presence), Over().masks(given, presence))


def test_the_order_of_slots_changes_nothing_but_the_order_of_masks():
    given, presence = layers([2.0, 0.5, 3.0]), torch.rand(2, 2, 3, dtype=torch.float64)
    order = torch.tensor([2, 0, 1])
    other = Layers(given.color[:, order], given.alpha[:, order], depth=given.depth[:, order])
    torch.testing.assert_close(
        DepthOver()(other, presence[..., order]), DepthOver()(given, presence)
    )
    masks, others = (
        DepthOver().masks(*x) for x in ((given, presence), (other, presence[..., order]))
    )
    torch.testing.assert_close(others[:, :, 1:], masks[:, :, 1:][:, :, order])
    torch.testing.assert_close(others[:, :, :1], masks[:, :, :1])


def test_each_image_has_an_order_of_its_own():
    given = opaque(layers([1.0, 2.0]))
    given = Layers(given.color, given.alpha, depth=torch.tensor([[1.0, 2.0], [2.0, 1.0]]))
    canvas = DepthOver()(given, torch.ones(1, 2, 2, dtype=torch.float64))[0]
    assert torch.equal(canvas, given.color[[0, 1], [0, 1]])


def test_of_objects_at_one_depth_the_first_is_in_front():
    given = opaque(layers([1.0, 1.0, 1.0]))
    canvas = DepthOver()(given, torch.ones(1, 2, 3, dtype=torch.float64))[0]
    assert torch.equal(canvas, given.color[:, 0])


def test_an_absent_object_hides_nothing():
    given = opaque(layers([0.0, 1.0]))
    presence = torch.tensor([0.0, 1.0], dtype=torch.float64).expand(1, 2, 2)
    assert torch.equal(DepthOver()(given, presence)[0], given.color[:, 1])


@pytest.mark.parametrize("missing", ["alpha", "depth"])
def test_layers_that_lack_something_are_refused(missing):
    given = layers([1.0, 2.0, 3.0])
    given = Layers(given.color, **{n: getattr(given, n) for n in {"alpha", "depth"} - {missing}})
    with pytest.raises(ValueError, match="needs layers with alpha and depth"):
        DepthOver()(given, torch.ones(1, 2, 3))
