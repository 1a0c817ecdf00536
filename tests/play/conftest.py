"""Trained runs in play, though they have hardly been trained."""

import pytest
import torch


@pytest.fixture
def trained(tiny_recipe):
    """`trained(*overrides)`: a model with its initial weights, as a trained one."""
    from objcentric.inference.trained_model import TrainedModel

    def make(*overrides):
        recipe = tiny_recipe(*overrides)
        shape = recipe.build_source().image_shape
        return TrainedModel(recipe.build_model(shape), shape, torch.device("cpu"), recipe.name)

    return make


@pytest.fixture
def scene():
    """A grey scene with one square, 12×12."""
    pixels = torch.zeros(1, 12, 12, dtype=torch.uint8)
    pixels[0, 2:6, 3:7] = 255
    return pixels


@pytest.fixture
def played(trained, scene):
    """A scene in which the tiny model finds two objects."""
    from dataclasses import replace

    from objcentric.play.played import Played

    found = Played.of(trained(), scene)
    everywhere = replace(found.found, presence=torch.ones_like(found.found.presence))
    return replace(found, found=everywhere, changed=everywhere)
