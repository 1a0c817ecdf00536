"""What every encoder and decoder of this plugin has to do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch.distributions import kl_divergence

from objcentric.interfaces import ObjectDecoder
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_appearance.alpha_decoder import AlphaDecoder
from objcentric_appearance.conv_decoder import ConvDecoder
from objcentric_appearance.conv_encoder import ConvEncoder
from objcentric_appearance.spatial_broadcast_decoder import SpatialBroadcastDecoder

DECODERS: dict[str, Callable[[SceneSpec], ObjectDecoder]] = {
    "conv": ConvDecoder,
    "broadcast": SpatialBroadcastDecoder,
    "alpha of mlp": AlphaDecoder,
    "alpha of conv": lambda scene: AlphaDecoder(scene, network="conv"),
    "alpha of broadcast": lambda scene: AlphaDecoder(scene, network="broadcast"),
}


@pytest.fixture(params=DECODERS)
def decoder(request: pytest.FixtureRequest, scene: SceneSpec) -> ObjectDecoder:
    return DECODERS[request.param](scene)


@pytest.mark.parametrize("size", [1, 2, 13, 24, 32])
def test_patches_of_any_size_go_in_and_come_out(size):
    scene = RequestedScene(image_shape=(3, 40, 50), objects=4, what_dim=7, glimpse=size).settled(
        SpatialTransformer.where_spec
    )
    assert ConvEncoder(scene)(torch.rand(2, 4, 3, size, size)).mean.shape == (2, 4, 7)
    for decoder in DECODERS.values():
        assert decoder(scene)(torch.randn(2, 4, 7)).color.shape == (2, 4, 3, size, size)


def test_glimpses_of_other_shapes_than_the_patch_are_encoded(scene):
    scene = replace(scene, glimpse_shape=(5, 9, 17))
    assert ConvEncoder(scene)(torch.rand(2, 4, 5, 9, 17)).mean.shape == (2, 4, 7)


def test_objects_start_nearly_invisible(decoder):
    drawn = decoder(torch.randn(2, 4, 7))
    visible = drawn.color if drawn.alpha is None else drawn.color * drawn.alpha
    assert visible.max() < 0.2


def test_slots_are_decoded_and_encoded_independently(decoder, scene):
    what, glimpses = torch.randn(2, 4, 7), torch.rand(2, 4, 3, 13, 13)
    encoder = ConvEncoder(scene)
    torch.testing.assert_close(decoder(what).color[1:, 2:3], decoder(what[1:, 2:3]).color)
    torch.testing.assert_close(encoder(glimpses).mean[1:, 2:3], encoder(glimpses[1:, 2:3]).mean)


def test_at_extremes_all_is_finite_gradients_included(decoder, scene):
    what = torch.tensor([1e4, -1e4]).view(2, 1, 1).expand(2, 4, 7).clone().requires_grad_()
    drawn = decoder(what)
    maps = [m for m in (drawn.color, drawn.alpha) if m is not None]
    sum(m.sum() for m in maps).backward()
    assert all(m.isfinite().all() and m.min() >= 0 and m.max() <= 1 for m in maps)
    assert what.grad.isfinite().all()
    posterior = ConvEncoder(scene)(1e4 * torch.randn(2, 4, 3, 13, 13))
    standard = torch.distributions.Normal(torch.zeros(7), torch.ones(7))
    assert kl_divergence(posterior, standard).isfinite().all()


def test_double_precision_stays_double(decoder, scene):
    drawn = decoder.double()(torch.randn(2, 4, 7, dtype=torch.float64))
    assert drawn.color.dtype == torch.float64
    posterior = ConvEncoder(scene).double()(torch.rand(2, 4, 3, 13, 13, dtype=torch.float64))
    assert posterior.stddev.dtype == torch.float64


def test_bfloat16_autocast_changes_little(decoder, scene):
    what, glimpses = torch.randn(2, 4, 7), torch.rand(2, 4, 3, 13, 13)
    encoder = ConvEncoder(scene)
    with torch.autocast("cpu", torch.bfloat16):
        color, mean = decoder(what).color, encoder(glimpses).mean
    torch.testing.assert_close(color.float(), decoder(what).color, atol=0.05, rtol=0)
    torch.testing.assert_close(mean.float(), encoder(glimpses).mean, atol=0.05, rtol=0)
