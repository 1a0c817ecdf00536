import pytest
import torch
from torch.distributions import Normal

from objcentric.drafts import Layers
from objcentric_composition.mixture import Mixture

STD = 0.3


def scene(dtype: torch.dtype = torch.float64) -> tuple[torch.Tensor, Layers, torch.Tensor]:
    """An image, two layers, and what is behind them under three presence codes."""
    image, color = torch.rand(2, 3, 4, 5, dtype=dtype), torch.rand(2, 2, 3, 4, 5, dtype=dtype)
    return image, Layers(color), torch.rand(3, 2, 3, 4, 5, dtype=dtype)


def some_masks() -> torch.Tensor:
    return torch.randn(3, 2, 3, 4, 5, dtype=torch.float64).softmax(2)


def test_a_pixel_is_a_mixture_of_products_over_channels():
    (image, layers, background), masks = scene(), some_masks()
    likelihood = Mixture(std=STD)
    components = torch.cat([background[:, :, None], layers.color.expand(3, 2, 2, 3, 4, 5)], 2)
    densities = Normal(components, STD).log_prob(image[None, :, None]).sum(3).exp()
    expected = (masks * densities).sum(2).log().sum((2, 3))
    found = likelihood.mixture_log_prob(image, layers, masks, background)
    torch.testing.assert_close(found + likelihood.log_constant(image), expected)


def test_one_slot_that_explains_all_pixels_is_a_gaussian():
    image, layers, background = scene()
    masks = torch.zeros(3, 2, 3, 4, 5, dtype=torch.float64)
    masks[:, :, 2] = 1
    found = Mixture(std=STD).mixture_log_prob(image, layers, masks, background)
    gaussian = Mixture(std=STD).log_prob(image, layers.color[None, :, 1])
    torch.testing.assert_close(found, gaussian.expand(3, 2))


def test_a_slot_whose_mask_is_0_has_no_say_though_it_alone_is_right():
    image, layers, background = scene(torch.float32)
    image = image + 30  # far from all but the slot that may not speak
    right = Layers(torch.stack([image, layers.color[:, 1]], dim=1))
    masks = torch.zeros(3, 2, 3, 4, 5)
    masks[:, :, 0] = 1
    found = Mixture(std=STD).mixture_log_prob(image, right, masks, background)
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
    found = likelihood.mixture_log_prob(image, Layers(color), masks, background)
    slopes = torch.autograd.grad(found.sum(), [color, masks])
    assert found.isfinite().all()
    assert all(slope.isfinite().all() for slope in slopes)
