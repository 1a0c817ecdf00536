"""What every compositor of this plugin has to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_air.sum import Sum
from objcentric_composition.backed import Backed
from objcentric_composition.clamped_sum import ClampedSum
from objcentric_composition.learnt_background import LearntBackground
from objcentric_composition.over import Over
from objcentric_composition.softmax import Softmax

SCENE = RequestedScene(image_shape=(3, 5, 6), objects=4, what_dim=1, glimpse=2).settled(
    SpatialTransformer.where_spec
)
KINDS: dict[str, Callable[[], Compositor]] = {
    "clamped_sum": ClampedSum,
    "over": Over,
    "softmax": Softmax,
    "backed sum": lambda: Backed(compositor=Sum(), background=LearntBackground(SCENE)),
    "backed over": lambda: Backed(compositor=Over(), background=LearntBackground(SCENE)),
}


@pytest.fixture(params=KINDS)
def compositor(request: pytest.FixtureRequest) -> Compositor:
    return KINDS[request.param]()


def some_layers(dtype: torch.dtype = torch.float32) -> Layers:
    color, alpha = torch.rand(2, 4, 3, 5, 6, dtype=dtype), torch.rand(2, 4, 1, 5, 6, dtype=dtype)
    return Layers(color.requires_grad_(), alpha.requires_grad_(), torch.randn_like(alpha))


def test_assignments_are_composed_independently(compositor):
    layers, presence = some_layers(), torch.rand(5, 2, 4)
    canvas = compositor(layers, presence)
    assert canvas.shape == (5, 2, 3, 5, 6)
    torch.testing.assert_close(canvas[2:3], compositor(layers, presence[2:3]))


def test_an_absent_object_leaves_no_trace(compositor):
    layers = some_layers()
    presence = torch.tensor([1.0, 0.0, 1.0, 1.0]).expand(1, 2, 4)
    maps = (layers.color, layers.alpha, layers.mask_logits)
    rest = Layers(*(one[:, [0, 2, 3]] for one in maps))
    torch.testing.assert_close(compositor(layers, presence), compositor(rest, torch.ones(1, 2, 3)))


def test_one_object_alone_shows_as_it_is(compositor):
    opaque = torch.ones(2, 4, 1, 5, 6)
    layers = Layers(torch.rand(2, 4, 3, 5, 6), opaque, 30 * opaque)
    presence = torch.tensor([0.0, 0.0, 1.0, 0.0]).expand(1, 2, 4)
    torch.testing.assert_close(compositor(layers, presence)[0], layers.color[:, 2])


@pytest.mark.parametrize("one_behind", [False, True])
def test_prefixes_are_the_canvases_of_ordered_codes(compositor, one_behind):
    behind = torch.rand(2, 3, 5, 6, dtype=torch.float64).requires_grad_() if one_behind else None
    compositor = compositor.double()
    found = []
    for prefixes in (type(compositor).prefixes, Compositor.prefixes):
        torch.manual_seed(0)
        layers = some_layers(torch.float64)
        canvases = prefixes(compositor, layers, behind)
        leaves = [layers.color, layers.alpha] + [behind] * one_behind
        slopes = torch.autograd.grad(
            canvases.square().sum(), leaves, allow_unused=True, materialize_grads=True
        )
        found.append([canvases, *slopes])
    assert found[0][0].shape == (5, 2, 3, 5, 6)
    for ours, plain in zip(*found, strict=True):
        torch.testing.assert_close(ours, plain)


def test_gradients_reach_presence_and_layers_at_whole_codes_too(compositor):
    layers = some_layers(torch.float64)
    presence = torch.ones(1, 2, 4, dtype=torch.float64, requires_grad=True)
    canvas = compositor(replace(layers, color=layers.color / 8), presence)
    canvas.square().sum().backward()
    assert canvas.dtype == torch.float64
    for tensor in (presence, layers.color):
        assert tensor.grad.isfinite().all()
        assert (tensor.grad != 0).any()


def test_layers_in_bfloat16_are_composed_with_presence_in_float32(compositor):
    layers = some_layers()
    half = replace(layers, color=layers.color.bfloat16())
    presence = torch.rand(1, 2, 4)
    with torch.autocast("cpu", torch.bfloat16):
        canvas = compositor(half, presence)
    torch.testing.assert_close(canvas.float(), compositor(layers, presence), atol=0.05, rtol=0)
