"""Sizes that are odd, so that mix-ups show."""

import pytest

from objcentric.scene import RequestedScene, SceneSpec
from objcentric_air.spatial_transformer import SpatialTransformer


@pytest.fixture
def scene() -> SceneSpec:
    return RequestedScene(image_shape=(3, 40, 50), objects=4, what_dim=7, glimpse=13).settled(
        SpatialTransformer.where_spec
    )
