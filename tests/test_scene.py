"""The sizes of a scene."""

from dataclasses import replace
from typing import Any

import pytest

from objcentric.scene import RequestedScene, WhereSpec

REQUESTED = RequestedScene(image_shape=(3, 40, 50), objects=4, what_dim=16, glimpse=12)
XY = WhereSpec(names=("x", "y"), loc=(0.0, 0.0), scale=(1.0, 1.0))
SCENE = REQUESTED.settled(XY)


def test_a_settled_scene_reads_patches_into_as_many_slots_as_objects_unless_told() -> None:
    assert SCENE.requested == REQUESTED
    assert (SCENE.channels, SCENE.patch_shape) == (REQUESTED.channels, REQUESTED.patch_shape)
    assert SCENE.patch_shape == (3, 12, 12)
    assert SCENE.glimpse_shape == (3, 12, 12)
    assert (SCENE.where_dim, SCENE.slots) == (2, 4)


def test_a_glimpser_may_see_more_than_the_patch_and_a_scheduler_propose_more_slots() -> None:
    scene = REQUESTED.settled(XY, (6, 12, 12), 36)
    assert (scene.glimpse_shape, scene.patch_shape) == ((6, 12, 12), (3, 12, 12))
    assert (scene.slots, scene.objects) == (36, 4)
    assert REQUESTED.settled(XY, (6, 12, 12)).with_slots(36) == scene


@pytest.mark.parametrize("name", ["objects", "what_dim", "glimpse", "slots"])
def test_a_size_that_is_not_positive_is_refused_by_name(name: str) -> None:
    sizes: dict[str, Any] = {name: -2}
    with pytest.raises(ValueError, match=f"{name} must be positive, got -2"):
        replace(SCENE, **sizes)


def test_an_image_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match=r"image_shape must be positive, got \(1, 5, 0\)"):
        replace(REQUESTED, image_shape=(1, 5, 0))


def test_a_where_of_unequal_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        WhereSpec(names=("x", "y"), loc=(0.0,), scale=(1.0, 1.0))


def test_a_where_prior_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        WhereSpec(names=("x",), loc=(0.0,), scale=(0.0,))


def test_a_glimpser_may_have_no_coordinates_at_all() -> None:
    assert REQUESTED.settled(WhereSpec((), (), ())).where_dim == 0
