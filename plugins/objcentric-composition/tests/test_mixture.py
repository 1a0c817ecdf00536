import pytest
import torch
from torch.distributions import Normal

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.model.slot_mixture import SlotMixture
from objcentric_composition.mixture import Mixture

STD = 0.3
CODES = torch.zeros(3, 2, 2)
"""Three presence codes of two objects; what they mean is up to the masks."""


def scene(dtype: torch.dtype = torch.float64) -> tuple[torch.Tensor, Layers, torch.Tensor]:
    """An image, two layers, and what is behind them under three presence codes."""
    image, color = torch.rand(2, 3, 4, 5, dtype=dtype), torch.rand(2, 2, 3, 4, 5, dtype=dtype)
    return image, Layers(color), torch.rand(3, 2, 3, 4, 5, dtype=dtype)


class Given(Compositor):
    """Masks, and a background, that are given and not composed."""

    def __init__(self, masks, background, shares=None):
        super().__init__()
        self.given, self.background, self.shares = masks, background, shares

    def forward(self, layers, presence):
        return self.background[: len(presence)]

    def masks(self, layers, presence):
        return self.given

    def prefix_shares(self, layers):
        return self.shares


def mixed(likelihood, image, layers, masks, background, shares=None):
    return SlotMixture(likelihood, Given(masks, background, shares), image, layers)


def some_masks() -> torch.Tensor:
    return torch.randn(3, 2, 3, 4, 5, dtype=torch.float64).softmax(2)


def test_a_pixel_is_a_mixture_of_products_over_channels():
    (image, layers, background), masks = scene(), some_masks()
    likelihood = Mixture(std=STD)
    components = torch.cat([background[:, :, None], layers.color.expand(3, 2, 2, 3, 4, 5)], 2)
    densities = Normal(components, STD).log_prob(image[None, :, None]).sum(3).exp()
    expected = (masks * densities).sum(2).log().sum((2, 3))
    found = mixed(likelihood, image, layers, masks, background).log_prob(CODES)
    torch.testing.assert_close(found + likelihood.log_constant(image), expected)


def test_one_slot_that_explains_all_pixels_is_a_gaussian():
    image, layers, background = scene()
    masks = torch.zeros(3, 2, 3, 4, 5, dtype=torch.float64)
    masks[:, :, 2] = 1
    found = mixed(Mixture(std=STD), image, layers, masks, background).log_prob(CODES)
    gaussian = Mixture(std=STD).log_prob(image, layers.color[None, :, 1])
    torch.testing.assert_close(found, gaussian.expand(3, 2))


def test_a_slot_whose_mask_is_0_has_no_say_though_it_alone_is_right():
    image, layers, background = scene(torch.float32)
    image = image + 30  # far from all but the slot that may not speak
    right = Layers(torch.stack([image, layers.color[:, 1]], dim=1))
    masks = torch.zeros(3, 2, 3, 4, 5)
    masks[:, :, 0] = 1
    found = mixed(Mixture(std=STD), image, right, masks, background).log_prob(CODES)
    torch.testing.assert_close(found, Mixture(std=STD).log_prob(image, background))


@pytest.mark.parametrize("mask", [0.0, 1e-45, 1e-38, 1e-30, 1.0])
@pytest.mark.parametrize("off", [0.0, 1e2, 1e4])
def test_whatever_the_masks_scores_and_gradients_are_finite(mask, off):
    image, layers, background = scene(torch.float32)
    color = (layers.color + off).requires_grad_()
    masks = torch.zeros(3, 2, 3, 4, 5)
    masks[:, :, 0], masks[:, :, 1] = 1 - mask, mask
    masks.requires_grad_()
    likelihood = Mixture(std=0.1)
    found = mixed(likelihood, image, Layers(color), masks, background).log_prob(CODES)
    slopes = torch.autograd.grad(found.sum(), [color, masks])
    assert found.isfinite().all()
    assert all(slope.isfinite().all() for slope in slopes)


def test_prefixes_in_one_pass_are_those_of_ordered_codes():
    image, layers, background = scene()
    background = background[:1].expand_as(background)
    layers.color.requires_grad_()
    shares = torch.rand(2, 2, 4, 5, dtype=torch.float64) / 2
    shares[0, 0, :2] = 0  # no part of the object there
    shares.requires_grad_()
    codes = torch.tensor([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
    parts = codes[:, None, :, None, None] * shares
    masks = torch.cat([1 - parts.sum(2, keepdim=True), parts], dim=2)
    likelihood = Mixture(std=STD)
    twin = mixed(likelihood, image, layers, masks, background).log_prob(CODES)
    found = mixed(likelihood, image, layers, masks, background[:1], shares).prefix_log_prob(CODES)
    torch.testing.assert_close(found, twin)
    slopes = [
        torch.autograd.grad(value.square().sum(), [layers.color, shares], retain_graph=True)
        for value in (found, twin)
    ]
    torch.testing.assert_close(slopes[0], slopes[1])


def test_responsibilities_are_the_posterior_of_the_component_given_the_pixel():
    image, layers, background = scene()
    masks, likelihood = some_masks(), Mixture(std=STD)
    found = mixed(likelihood, image, layers, masks, background).masks(CODES)
    torch.testing.assert_close(found.sum(2), torch.ones_like(found[:, :, 0]))
    components = torch.cat([background[:, :, None], layers.color.expand(3, 2, 2, 3, 4, 5)], 2)
    densities = Normal(components, STD).log_prob(image[None, :, None]).sum(3).exp()
    joint = masks * densities
    torch.testing.assert_close(found, joint / joint.sum(2, keepdim=True))
