"""Sizes that are odd, so that mix-ups show."""

import pytest

from objcentric.scene import SceneSpec


@pytest.fixture
def scene() -> SceneSpec:
    return SceneSpec(image_shape=(3, 40, 50), objects=4, what_dim=7, glimpse=13)
