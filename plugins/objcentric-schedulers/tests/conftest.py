"""A small scene, seen through AIR's default components."""

from collections.abc import Callable

import pytest

from objcentric.interfaces import Glimpser
from objcentric.interfaces.perception import Perception, draw_sample, take_mean
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_air.mlp_decoder import MlpDecoder
from objcentric_air.mlp_encoder import MlpEncoder
from objcentric_air.spatial_transformer import SpatialTransformer


@pytest.fixture
def scene() -> SceneSpec:
    """Wider than high, so that the two are not confused."""
    return RequestedScene(image_shape=(1, 20, 26), objects=3, what_dim=4, glimpse=8).settled(
        SpatialTransformer.where_spec
    )


@pytest.fixture
def perceive() -> Callable[..., Perception]:
    """`perceive(scene)` looks through AIR's default components; `calm` takes means."""

    def make(scene: SceneSpec, calm: bool = False, glimpser: Glimpser | None = None) -> Perception:
        return Perception(
            glimpser or SpatialTransformer(scene.requested),
            MlpEncoder(scene, hidden=(16,)),
            MlpDecoder(scene, hidden=(16,)),
            take_mean if calm else draw_sample,
        )

    return make
