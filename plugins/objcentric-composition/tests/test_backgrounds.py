"""Backgrounds that come from images: read off each, or learnt from all."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from objcentric.drafts import Layers
from objcentric.interfaces import NotAble
from objcentric.progress import Progress
from objcentric.recipe import load
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_composition.backed import Backed
from objcentric_composition.median_background import MedianBackground
from objcentric_composition.over import Over
from objcentric_composition.plain_background import PlainBackground

SCENE = RequestedScene(image_shape=(3, 6, 6), objects=2, what_dim=1, glimpse=2).settled(
    SpatialTransformer.where_spec
)
GREY = torch.tensor([0.2, 0.7])


def grey_scenes() -> torch.Tensor:
    """Two scenes, each on its own grey, with an object on a third of the pixels."""
    image = GREY.view(2, 1, 1, 1).expand(2, 3, 6, 6).clone()
    image[:, :, :2] = torch.rand(2, 3, 2, 6)
    return image


def test_a_plain_background_is_the_colour_of_most_pixels_of_each_image():
    expected = GREY.view(2, 1, 1, 1).expand(2, 3, 6, 6)
    torch.testing.assert_close(PlainBackground()(grey_scenes()), expected)


def test_a_background_read_off_the_image_shows_through():
    backed, image = Backed(compositor=Over(), background=PlainBackground()), grey_scenes()
    layers = Layers(torch.rand(2, 2, 3, 6, 6), torch.rand(2, 2, 1, 6, 6))
    presence = torch.ones(1, 2, 2)
    through = (1 - layers.alpha).prod(1)
    expected = Over()(layers, presence)[0] + through * GREY.view(2, 1, 1, 1)
    layers = replace(layers, behind=backed.behind(image))
    torch.testing.assert_close(backed(layers, presence)[0], expected)
    torch.testing.assert_close(backed.prefixes(layers)[-1], expected)
    torch.testing.assert_close(backed.masks(layers, presence)[0, :, 0], through[:, 0])


def test_without_an_image_there_is_no_background_to_read():
    backed = Backed(compositor=Over(), background=PlainBackground())
    layers = Layers(torch.rand(2, 2, 3, 6, 6), torch.rand(2, 2, 1, 6, 6))
    with pytest.raises(ValueError, match="PlainBackground is read off an image"):
        backed(layers, torch.ones(1, 2, 2))


def on_grey(scheduler: str) -> Any:
    options = [
        "model.compositor={use: backed, compositor: over, background: plain_background}",
        "model.decoder=alpha_decoder",
        f"model.scheduler={scheduler}",
        *("model.objects=2", "model.what_dim=4", "model.glimpse=8"),
    ]
    return load("scattered", options).build_model((3, 16, 16))


@pytest.mark.parametrize("scheduler", ["pursuit", "residual", "conv_attention"])
def test_schedulers_of_what_is_left_see_the_same_on_any_grey(scheduler):
    model = on_grey(scheduler)
    objects = torch.zeros(1, 3, 16, 16)
    objects[..., 4:9, 4:9] = 0.3
    seen: list[torch.Tensor] = []
    project = model.scheduler.network.project
    model.scheduler.network.project = lambda x: (seen.append(x), project(x))[1]
    for grey in (0.2, 0.5):
        model.infer(objects + grey)
    torch.testing.assert_close(seen[0], seen[2])  # what the first of two steps sees


def test_a_model_that_reads_its_background_cannot_generate_but_has_a_density():
    model, image = on_grey("pursuit"), torch.rand(2, 3, 16, 16)
    assert "density" in model.abilities
    assert "generate" not in model.abilities
    with pytest.raises(NotAble):
        model.generate(2)
    assert model.log_weights(image, 2).isfinite().all()
    inference = model.infer(image)
    torch.testing.assert_close(inference.masks.sum(1), torch.ones(2, 16, 16))
    objective = model(image, Progress.at(0.0, epochs=1.0))
    objective.loss.backward()
    assert objective.loss.isfinite()


def test_an_empty_scene_on_grey_is_drawn_as_it_is():
    model, image = on_grey("pursuit"), torch.full((2, 3, 16, 16), 0.4)
    drafts = model._propose(image, model.calm_perception)
    torch.testing.assert_close(model.compositor(drafts.layers, torch.zeros(1, 2, 2))[0], image)


def test_a_median_background_learns_what_most_images_show_whatever_the_objects_explain():
    background = MedianBackground(SCENE)
    optimizer = torch.optim.Adam(background.parameters(), lr=0.02)
    for _ in range(200):
        image = torch.full((16, 3, 6, 6), 0.6)
        covered = torch.rand(16, 1, 6, 6) < 0.3
        image = torch.where(covered, 1.0, image)
        optimizer.zero_grad()
        (1e6 * background(image).sum()).backward()  # of which nothing arrives
        optimizer.step()
    mean = 0.7 * 0.6 + 0.3 * 1.0
    assert (background.image - 0.6).abs().max() < 0.04 < mean - 0.6
