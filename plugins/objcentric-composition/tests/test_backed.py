from typing import Any

import pytest
import torch

from objcentric.drafts import Layers
from objcentric.recipe import load
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_air.sum import Sum
from objcentric_composition.backed import Backed
from objcentric_composition.clamped_sum import ClampedSum
from objcentric_composition.given_background import GivenBackground
from objcentric_composition.learnt_background import LearntBackground
from objcentric_composition.over import Over

SCENE = RequestedScene(image_shape=(3, 4, 4), objects=2, what_dim=1, glimpse=2).settled(
    SpatialTransformer.where_spec
)
RED = (0.8, 0.1, 0.2)


@pytest.fixture
def layers() -> Layers:
    return Layers(torch.rand(2, 2, 3, 4, 4), torch.rand(2, 2, 1, 4, 4))


@pytest.fixture
def red() -> GivenBackground:
    return GivenBackground(SCENE, color=RED)


def test_an_empty_scene_is_the_background(layers, red):
    for compositor in (Over(), ClampedSum()):
        canvas = Backed(compositor=compositor, background=red)(layers, torch.zeros(3, 2, 2))
        expected = torch.tensor(RED).view(3, 1, 1).expand(3, 2, 3, 4, 4)
        torch.testing.assert_close(canvas, expected)


def test_it_shows_through_objects_as_far_as_they_are_transparent(layers, red):
    presence = torch.ones(1, 2, 2)
    through = (1 - layers.alpha).prod(1)
    expected = Over()(layers, presence)[0] + through * torch.tensor(RED).view(3, 1, 1)
    canvas = Backed(compositor=Over(), background=red)(layers, presence)
    torch.testing.assert_close(canvas[0], expected)


def test_where_objects_add_up_it_is_added(red):
    layers = Layers(torch.full((1, 2, 3, 4, 4), 0.1))
    canvas = Backed(compositor=Sum(), background=red)(layers, torch.ones(1, 1, 2))
    torch.testing.assert_close(canvas[0, 0, :, 0, 0], torch.tensor(RED) + 0.2)


def test_a_learnt_background_is_learnt(layers):
    model = Backed(compositor=Over(), background=LearntBackground(SCENE))
    model(layers, torch.ones(1, 2, 2)).sum().backward()
    through = (1 - layers.alpha).prod(1)
    torch.testing.assert_close(model.background.image.grad, through.sum(0).expand(3, -1, -1))


def test_one_intensity_stands_for_all_channels_and_two_for_none():
    assert (GivenBackground(SCENE, color=(0.5,))(torch.rand(2, 3, 4, 4)) == 0.5).all()
    with pytest.raises(ValueError, match="color has 2 intensities, but images have 3 channels"):
        GivenBackground(SCENE, color=(0.5, 0.5))


def test_a_recipe_reaches_the_compositor_and_the_background_inside():
    recipe = load(
        "air-multi-mnist",
        [
            "model.compositor=backed",
            "model.compositor.compositor=clamped_sum",
            "model.compositor.background={use: given_background, color: [0.25]}",
        ],
    )
    backed: Any = recipe.build_model((1, 50, 50)).compositor
    assert isinstance(backed.compositor, ClampedSum)
    assert (backed.background(torch.rand(2, 1, 50, 50)) == 0.25).all()
