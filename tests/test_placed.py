"""Objects that stay patches are those that are drawn."""

import pytest
import torch
from einops import einsum
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.placed import Placed, Placement


def some(slots: int = 3, channels: int = 2) -> Placed:
    """Random patches of 4×5 pixels on canvases of 11×13."""
    sizes = (2, slots, channels, 4, 5), (2, slots, 11, 4), (2, slots, 13, 5)
    patches, rows, columns = (
        torch.rand(size, dtype=torch.float64, requires_grad=True) for size in sizes
    )
    return Placed(patches, Placement(rows, columns))


def leaves(placed: Placed) -> list[Tensor]:
    return [placed.patches, placed.placement.rows, placed.placement.columns]


def test_a_weighted_sum_and_its_gradients_are_those_of_the_canvases() -> None:
    placed = some()
    weights = torch.rand(4, 2, 3, dtype=torch.float64, requires_grad=True)
    plain = einsum(weights, placed.canvases(), "s b k, b k c h w -> s b c h w")
    found = placed.weighted_sum(weights)
    torch.testing.assert_close(found, plain, rtol=0, atol=1e-10)
    by = [weights, *leaves(placed)]
    for one, two in zip(
        torch.autograd.grad(found.square().sum(), by),
        torch.autograd.grad(plain.square().sum(), by),
        strict=True,
    ):
        torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-10)


def test_an_object_is_subtracted_from_all_channels_of_a_canvas() -> None:
    placed, canvas = some(slots=1), torch.rand(2, 2, 11, 13, dtype=torch.float64)
    expected = canvas - placed.canvases()[:, 0]
    placed.subtract_from_(canvas)
    torch.testing.assert_close(canvas, expected.detach())


def test_joined_patches_keep_their_order() -> None:
    one, two = some(1), some(2)
    expected = torch.cat([one.canvases(), two.canvases()], dim=1)
    assert torch.equal(Placed.joined([one, two]).canvases(), expected)


def test_layers_that_stay_patches_are_drawn_when_somebody_asks_for_colour() -> None:
    placed, behind = some(), torch.rand(2, 2, 11, 13)
    layers = Layers.kept(placed).before(behind)
    assert "color" not in vars(layers)
    assert torch.equal(layers.color, placed.canvases())
    assert layers.color is layers.color
    assert layers.behind is behind
    assert layers.alpha is layers.mask_logits is layers.depth is None
    with pytest.raises(AttributeError, match="colour"):
        _ = layers.colour
