"""Objects that stay patches are those that are drawn."""

from typing import Any

import pytest
import torch
from einops import einsum
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Glimpser, Likelihood, perception
from objcentric.placed import Placed, Placement
from objcentric.progress import Progress
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.scene import RequestedScene


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


def test_every_glimpser_s_placement_is_what_it_writes() -> None:
    scene = RequestedScene(image_shape=(1, 22, 26), objects=3, what_dim=4, glimpse=8)
    said = set()
    for entry in Registry.discover().components(Glimpser):
        glimpser: Any = entry.load()
        glimpser = glimpser(scene)
        loc, scale = torch.tensor(glimpser.where.loc), torch.tensor(glimpser.where.scale)
        where = (loc + scale * torch.randn(2, 3, glimpser.where.dim)).double()
        patches = torch.rand(2, 3, 2, 8, 8, dtype=torch.float64)
        placement = glimpser.placement(where, (8, 8))
        if placement is not None:
            said.add(entry.canonical)
            torch.testing.assert_close(placement.write(patches), glimpser.write(patches, where))
    assert {"air.spatial_transformer", "glimpsers.bounded"} <= said


def test_every_likelihood_of_sums_is_that_of_their_canvases() -> None:
    image, placed = torch.rand(2, 2, 11, 13, dtype=torch.float64), some()
    sums = torch.cat([torch.zeros_like(placed.canvases()[:, :1]), placed.canvases()], 1).cumsum(1)
    for entry in Registry.discover().components(Likelihood):
        kind: Any = entry.load()
        likelihood = kind().double()
        found = likelihood.sums_log_prob(image, placed)
        torch.testing.assert_close(found, likelihood.log_prob(image, sums.transpose(0, 1)))


@pytest.mark.parametrize("compositor", ["sum", "clamped_sum"])
def test_a_model_whose_objects_stay_patches_has_the_loss_and_gradients_of_drawn_ones(
    compositor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [f"model.compositor={compositor}", "model.glimpse=6", "model.objects=3"]
    model = load("scattered", changes).build_model((1, 24, 24)).double()
    image, progress = torch.rand(2, 1, 24, 24).double() ** 3, Progress.at(0.0, epochs=1.0)
    found = []
    for ratio in (8.0, float("inf")):
        monkeypatch.setattr(perception, "MUCH_LARGER", ratio)
        torch.manual_seed(0)
        loss = model(image, progress).loss
        slopes = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
        found.append([loss, *slopes])
    for one, two in zip(*found, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-10)


def test_redrawing_patches_draws_no_canvas_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = ["model.compositor=sum", "model.glimpse=8", "model.objects=3"]
    model = load("scattered", changes).build_model((1, 32, 32)).eval()
    image = torch.rand(2, 1, 32, 32)
    found = model.infer(image)
    monkeypatch.setattr(Placed, "canvases", lambda _: pytest.fail("a canvas of each was drawn"))
    torch.testing.assert_close(model.redraw(image, found), found.canvas)
