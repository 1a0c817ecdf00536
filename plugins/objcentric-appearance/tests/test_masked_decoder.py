import pytest
import torch

from objcentric.interfaces import Perception
from objcentric.recipe import RecipeError, load
from objcentric_air.mlp_encoder import MlpEncoder
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_appearance.masked_decoder import MaskedDecoder


@pytest.mark.parametrize("network", ["mlp", "conv", "broadcast"])
def test_it_draws_colour_and_one_channel_of_mask_logits(scene, network):
    drawn = MaskedDecoder(scene, network=network)(torch.randn(2, 4, 7))
    assert drawn.color.shape == (2, 4, 3, 13, 13)
    assert drawn.mask_logits.shape == (2, 4, 1, 13, 13)
    assert drawn.alpha is None


def test_colours_are_squashed_unless_that_is_turned_off(scene):
    torch.manual_seed(0)
    squashed = MaskedDecoder(scene)
    free = MaskedDecoder(scene, squash=False)
    free.load_state_dict(squashed.state_dict())
    what = 100 * torch.randn(2, 4, 7)
    torch.testing.assert_close(squashed(what).color, torch.sigmoid(free(what).color))
    torch.testing.assert_close(squashed(what).mask_logits, free(what).mask_logits)
    assert free(what).color.min() < 0


def test_outside_of_a_window_a_slot_claims_nothing(scene):
    decoder, glimpser = MaskedDecoder(scene), SpatialTransformer(scene.requested)
    perception = Perception(glimpser, MlpEncoder(scene), decoder)
    what, where = torch.randn(2, 4, 7), torch.tensor([4.0, 0.0, 0.0]).expand(2, 4, 3)
    logits = perception.draw(what, where).mask_logits
    assert logits.shape == (2, 4, 1, 40, 50)
    assert (logits[..., :8, :] == -30).all()
    inside = glimpser.write(decoder(what).mask_logits, where)
    torch.testing.assert_close(logits[..., 18:22, 22:28], inside[..., 18:22, 22:28])


def test_with_a_compositor_that_adds_it_is_refused_naming_one_that_fits():
    with pytest.raises(RecipeError) as refused:
        load("air-multi-mnist", ["model.decoder=masked_decoder"])
    message = str(refused.value)
    assert "appearance.masked_decoder needs 'competition'" in message
    assert "composition.softmax (compositor)" in message


def test_with_one_in_which_slots_compete_it_is_accepted_also_over_a_background():
    load("air-multi-mnist", ["model.decoder=masked_decoder", "model.compositor=softmax"])
    backed = "model.compositor={use: backed, compositor: {use: softmax}}"
    load("air-multi-mnist", ["model.decoder=masked_decoder", backed])
