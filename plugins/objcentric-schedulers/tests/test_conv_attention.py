"""A scheduler that points at things."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from objcentric.blocks.aim import centres
from objcentric.blocks.spatial_attention import STRIDE, SpatialAttention, positions
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec, WhereSpec
from objcentric_schedulers.conv_attention import ConvAttention

Perceive = Callable[..., Perception]
BRIGHT = (12, 20)
"""Row and column of the one bright pixel of `dot`."""


@pytest.fixture
def dot(scene: SceneSpec) -> Tensor:
    image = torch.zeros(1, *scene.image_shape)
    image[0, 0, BRIGHT[0], BRIGHT[1]] = 1.0
    return image


def peak(scene: SceneSpec) -> Tensor:
    """The bright pixel's centre, in [-1, 1]."""
    _, height, width = scene.image_shape
    return torch.tensor([(BRIGHT[1] + 0.5) / width, (BRIGHT[0] + 0.5) / height]) * 2 - 1


def attend_to_brightness(attention: Any) -> None:
    """Weights by which a place scores what the pixel at its centre shows."""
    with torch.no_grad():
        for parameter in attention.parameters():
            parameter.zero_()
        for layer in attention.features[::2]:
            middle = layer.kernel_size[0] // 2
            layer.weight[0, 0, middle, middle] = 1.0
        attention.score.weight[0, 0] = 100.0


def test_attention_finds_the_place_of_a_bright_pixel(scene: SceneSpec, dot: Tensor) -> None:
    attention = SpatialAttention(1, channels=3)
    attend_to_brightness(attention)
    features, position = attention(dot)
    torch.testing.assert_close(position, peak(scene)[None])
    torch.testing.assert_close(features, torch.tensor([[1.0, 0.0, 0.0]]))


def test_attention_without_a_preference_is_at_the_mean_of_all_places(scene: SceneSpec) -> None:
    attention = SpatialAttention(1, channels=3)
    with torch.no_grad():
        attention.score.weight.zero_()
    image = torch.rand(2, *scene.image_shape)
    _, position = attention(image)
    torch.testing.assert_close(position, positions(image, STRIDE).mean(0).expand(2, 2))


def test_a_new_scheduler_looks_at_the_peak_of_its_attention(
    scene: SceneSpec, dot: Tensor, perceive: Perceive
) -> None:
    scheduler, perception = ConvAttention(scene), perceive(scene, calm=True)
    attend_to_brightness(scheduler.attention)
    where = scheduler(dot, perception).where.distribution.mean[:, :1]
    torch.testing.assert_close(centres(where, perception.glimpser), peak(scene)[None, None])
    assert where[0, 0, 0] == scene.where.loc[0]


def test_what_is_drawn_is_not_pointed_at_again(
    scene: SceneSpec, dot: Tensor, perceive: Perceive
) -> None:
    scheduler, perception = ConvAttention(scene), perceive(scene, calm=True)
    attend_to_brightness(scheduler.attention)
    with torch.no_grad():
        *_, bias = perception.decoder.parameters()
        bias.fill_(100.0)  # every object is a white square
    drafts = scheduler(dot, perception)
    found = centres(drafts.where.distribution.mean, perception.glimpser)[0]
    assert ((found - peak(scene)).abs().amax(-1) < 1e-3).tolist() == [True, False, False]


def test_remains_are_told_from_objects_by_what_was_drawn_there(
    scene: SceneSpec, dot: Tensor, perceive: Perceive
) -> None:
    """Two steps see the same left over, one of them where something has been drawn already."""
    scheduler, perception = ConvAttention(scene), perceive(scene, calm=True)
    seen = []
    scheduler.attention.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    scheduler(dot, perception)
    for inputs in seen:
        left, drawn = inputs.split(scene.channels, dim=1)
        torch.testing.assert_close(left + drawn, dot)
    assert (seen[0][:, scene.channels :] == 0).all()
    assert (seen[1][:, scene.channels :] > 0).any()


def test_where_something_is_teaches_where_to_attend(scene: SceneSpec, perceive: Perceive) -> None:
    scheduler = ConvAttention(scene)
    drafts = scheduler(torch.rand(2, *scene.image_shape), perceive(scene))
    drafts.where.distribution.mean.square().sum().backward()
    assert scheduler.attention.score.weight.grad.abs().max() > 0


def test_a_glimpser_that_cannot_be_pointed_is_refused(scene: SceneSpec) -> None:
    spec = replace(scene, where=WhereSpec(("brightness",), (1.0,), (0.5,)))
    with pytest.raises(ValueError, match="coordinates x and y"):
        ConvAttention(spec)
