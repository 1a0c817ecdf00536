import pytest
import torch

from objcentric.recipe import RecipeError, load
from objcentric_appearance.alpha_decoder import AlphaDecoder


def test_it_draws_colour_and_one_channel_of_opacity(scene):
    drawn = AlphaDecoder(scene)(torch.randn(2, 4, 7))
    assert drawn.color.shape == (2, 4, 3, 13, 13)
    assert drawn.alpha.shape == (2, 4, 1, 13, 13)


def test_the_bias_is_that_of_opacity_alone(scene):
    drawn = AlphaDecoder(scene, output_bias=-20.0)(torch.randn(2, 4, 7))
    assert drawn.alpha.max() < 1e-6
    assert drawn.color.min() > 0.1


@pytest.mark.parametrize("network", ["mlp", "conv", "broadcast"])
def test_widths_are_those_of_the_hidden_layers(scene, network):
    narrow, wide = (AlphaDecoder(scene, network=network, widths=(w,)) for w in (3, 4))
    sizes = [sum(p.numel() for p in decoder.parameters()) for decoder in (narrow, wide)]
    assert sizes[0] < sizes[1]


def test_with_a_compositor_that_adds_it_is_refused_naming_one_that_fits():
    with pytest.raises(RecipeError) as refused:
        load("air-multi-mnist", ["model.decoder=alpha_decoder"])
    message = str(refused.value)
    assert "appearance.alpha_decoder needs 'alpha compositing'" in message
    assert "composition.over (compositor)" in message
    assert "appearance.conv_decoder" in message


def test_with_one_that_hides_it_is_accepted_also_over_a_background():
    load("air-multi-mnist", ["model.decoder=alpha_decoder", "model.compositor=over"])
    backed = "model.compositor={use: backed, compositor: {use: over}}"
    load("air-multi-mnist", ["model.decoder=alpha_decoder", backed])
