"""The sizes of a scene."""

from dataclasses import replace

import pytest

from objcentric.scene import SceneSpec, WhereSpec

SCENE = SceneSpec(image_shape=(3, 40, 50), objects=4, what_dim=16, glimpse=12)


def test_derived_sizes_follow_from_the_given_ones() -> None:
    assert SCENE.channels == 3
    assert SCENE.patch_shape == (3, 12, 12)
    assert SCENE.glimpse_shape == (3, 12, 12)
    assert SCENE.where_dim == 3
    assert SCENE.slots == 4


def test_a_glimpser_may_see_more_than_the_patch_and_have_its_own_coordinates() -> None:
    where = WhereSpec(names=("x", "y"), loc=(0.0, 0.0), scale=(1.0, 1.0))
    seen = SCENE.seen_through(where, (6, 12, 12))
    assert (seen.where_dim, seen.glimpse_shape) == (2, (6, 12, 12))
    assert seen.patch_shape == SCENE.patch_shape


def test_a_scheduler_may_propose_more_slots_than_there_are_objects() -> None:
    assert SCENE.with_slots(36).slots == 36
    assert SCENE.with_slots(36).objects == 4


@pytest.mark.parametrize("name", ["objects", "what_dim", "glimpse", "slots"])
def test_a_size_that_is_not_positive_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be positive, got -2"):
        replace(SCENE, **{name: -2})


def test_an_image_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match=r"image_shape must be positive, got \(1, 5, 0\)"):
        replace(SCENE, image_shape=(1, 5, 0))


def test_a_where_of_unequal_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        WhereSpec(names=("x", "y"), loc=(0.0,), scale=(1.0, 1.0))


def test_a_where_prior_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        WhereSpec(names=("x",), loc=(0.0,), scale=(0.0,))


def test_a_glimpser_may_have_no_coordinates_at_all() -> None:
    assert SCENE.seen_through(WhereSpec((), (), ()), (3, 40, 50)).where_dim == 0
