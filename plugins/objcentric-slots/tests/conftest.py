"""Scenes for slots, and how they are looked at."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from objcentric.interfaces.perception import Perception, draw_sample, take_mean
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_glimpsers.whole_image import WholeImage
from objcentric_slots.slot_attention import SlotAttention
from objcentric_slots.slot_decoder import SlotDecoder


def scene_of(slots: int) -> SceneSpec:
    requested = RequestedScene(image_shape=(3, 14, 14), objects=slots, what_dim=8, glimpse=14)
    return requested.settled(WholeImage.where_spec)


@pytest.fixture
def small_scene() -> SceneSpec:
    """Three slots of size 8 on a canvas of 14×14 pixels."""
    return scene_of(3)


@pytest.fixture
def build() -> Callable[..., SlotAttention]:
    """`build(slots, **options)` makes a small scheduler."""
    return lambda slots=3, **options: SlotAttention(
        scene_of(slots), channels=6, layers=1, hidden=16, **options
    )


@pytest.fixture
def slots_of() -> Callable[..., Tensor]:
    """`slots_of(scheduler, image, calm)` are the slots (B, K, D) that it proposes."""

    def propose(scheduler: SlotAttention, image: Tensor, calm: bool = True) -> Tensor:
        scene = scene_of(scheduler.slots)
        decoder = SlotDecoder(scene, grid=4, widths=(4,), kernels=(1,))
        chooser = take_mean if calm else draw_sample
        perception = Perception(WholeImage(scene.requested), None, decoder, chooser)
        return scheduler(image, perception).what.sample

    return propose


@pytest.fixture
def image() -> Tensor:
    """Random, (2, 3, 14, 14)."""
    return torch.rand(2, 3, 14, 14)
