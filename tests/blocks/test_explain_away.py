import pytest
import torch
from torch.distributions import Normal

from objcentric.blocks.explain_away import drawn, explain_away
from objcentric.drafts import Appearance, Layers
from objcentric.interfaces import ObjectDecoder, Perception
from objcentric.testing.partners.linear_encoder import LinearEncoder
from objcentric.testing.partners.window import Window
from objcentric.testing.subject import SMALL_SCENE as SCENE


class Claiming(ObjectDecoder):
    """White patches whose every pixel is claimed alike."""

    def forward(self, what: torch.Tensor) -> Appearance:
        color = torch.ones(*what.shape[:2], *SCENE.patch_shape)
        return Appearance(color, mask_logits=2 * color)


def test_mask_logits_of_all_steps_are_joined() -> None:
    def propose(left, previous, state):
        where = torch.tensor(SCENE.where.loc).expand(2, 1, 3)
        return torch.zeros(2, 1), Normal(where, 0.1), state

    perception = Perception(Window(SCENE.requested), LinearEncoder(SCENE), Claiming())
    image = torch.rand(2, *SCENE.image_shape)
    drafts = explain_away(propose, (torch.zeros(2), None), image, perception, slots=3)
    assert drafts.layers.alpha is None
    assert drafts.layers.mask_logits.shape == (2, 3, 1, 20, 20)


def test_where_slots_compete_the_share_against_an_indifferent_one_is_drawn() -> None:
    color, logits = torch.rand(2, 1, 1, 4, 4), torch.randn(2, 1, 1, 4, 4)
    shares = torch.cat([logits, torch.zeros_like(logits)], dim=1).softmax(1)[:, 0]
    torch.testing.assert_close(drawn(Layers(color, mask_logits=logits)), color[:, 0] * shares)


class Halves(ObjectDecoder):
    """White patches, half transparent."""

    def forward(self, what: torch.Tensor) -> Appearance:
        color = torch.ones(*what.shape[:2], *SCENE.patch_shape)
        return Appearance(color, alpha=color[:, :, :1] / 2)


@pytest.mark.parametrize(("occlude", "expected"), [(True, 0.25), (False, 0.0)])
def test_what_earlier_objects_hide_is_not_drawn_if_they_occlude(occlude, expected) -> None:
    """Two half transparent objects at one place: what is left of a white image in the middle."""
    middles = []

    def propose(left, previous, state):
        middles.append(left[:, :, left.shape[2] // 2, left.shape[3] // 2])
        where = torch.tensor(SCENE.where.loc).expand(2, 1, 3)
        return torch.zeros(2, 1), Normal(where, 1e-6), state

    perception = Perception(Window(SCENE.requested), LinearEncoder(SCENE), Halves())
    image = torch.ones(2, *SCENE.image_shape)
    explain_away(propose, (torch.zeros(2), None), image, perception, 3, occlude=occlude)
    torch.testing.assert_close(middles[1], torch.full_like(middles[1], 0.5))
    torch.testing.assert_close(middles[2], torch.full_like(middles[2], expected))
