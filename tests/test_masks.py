"""Who explains each pixel."""

import torch
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.masks import additive_masks, over_masks, with_background

BOTH, FIRST, NONE = [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]


def layers(*brightness: float) -> Layers:
    """One pixel, as bright in its second channel as each object says, less in its first."""
    color = torch.tensor(brightness).reshape(1, -1, 1, 1, 1)
    return Layers(torch.cat([color / 2, color], 2))


def codes(*presence: list[float]) -> Tensor:
    return torch.tensor(presence).reshape(len(presence), 1, -1)


def pixel(masks: Tensor) -> Tensor:
    return masks[:, 0, :, 0, 0]


def test_objects_that_add_up_explain_as_much_as_they_are_bright() -> None:
    found = additive_masks(layers(0.5, 0.25), codes(BOTH, FIRST, NONE))
    expected = torch.tensor([[0.25, 0.5, 0.25], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    torch.testing.assert_close(pixel(found), expected)


def test_objects_that_add_up_to_more_than_white_share_the_pixel() -> None:
    found = additive_masks(layers(0.9, 0.6), codes(BOTH))
    torch.testing.assert_close(pixel(found), torch.tensor([[0.0, 0.6, 0.4]]))


def test_what_is_brighter_than_white_explains_no_more_than_all() -> None:
    found = additive_masks(layers(7.0, 0.0), codes(FIRST))
    torch.testing.assert_close(pixel(found), torch.tensor([[0.0, 1.0, 0.0]]))


def test_an_object_in_front_leaves_to_those_behind_what_it_lets_through() -> None:
    opacity = torch.tensor([[0.75, 0.5], [1.0, 0.5], [0.0, 0.5]]).reshape(3, 1, 2, 1, 1)
    expected = torch.tensor([[0.125, 0.75, 0.125], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
    torch.testing.assert_close(pixel(over_masks(opacity)), expected)


def test_masks_add_up_to_one_whatever_the_layers() -> None:
    color, presence = 2 * torch.randn(3, 4, 3, 5, 6), torch.rand(2, 3, 4)
    opacity = torch.rand(2, 3, 4, 5, 6)
    for masks in (additive_masks(Layers(color), presence), over_masks(opacity)):
        assert masks.shape == (2, 3, 5, 5, 6)
        assert masks.min() >= 0
        torch.testing.assert_close(masks.sum(2), torch.ones(2, 3, 5, 6))


def test_the_background_explains_nothing_where_the_slots_explain_all_and_a_bit() -> None:
    slots = torch.tensor([0.5, 0.5000001]).reshape(1, 1, 2, 1, 1)
    assert pixel(with_background(slots))[0, 0] == 0


def test_a_compositor_that_says_nothing_of_masks_has_those_of_adding_up() -> None:
    class Silent(Compositor):
        def forward(self, layers: Layers, presence: Tensor) -> Tensor:
            raise AssertionError("not asked")

    drawn, presence = layers(0.5, 0.25), codes(BOTH, FIRST)
    assert torch.equal(Silent().masks(drawn, presence), additive_masks(drawn, presence))
