import numpy as np
import pytest
import torch
from torch.nn import functional as F

from objcentric_scenes.resampling import integer_weights, keys_cubic, resize, triangle

FILTERS = [(triangle, "bilinear"), (keys_cubic, "bicubic")]


def random_images(side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (50, side, side), dtype=np.uint8)


@pytest.mark.parametrize(("kernel", "mode"), FILTERS)
@pytest.mark.parametrize(("source", "target"), [(28, 24), (8, 20), (28, 9), (5, 5)])
def test_resizing_is_torch_antialiased_resizing_rounded(kernel, mode, source, target):
    images = random_images(source)
    exact = F.interpolate(
        torch.from_numpy(images).double().unsqueeze(1),
        size=(target, target),
        mode=mode,
        antialias=True,
    )
    error = torch.from_numpy(resize(images, target, kernel)) - exact.squeeze(1).clamp(0, 255)
    assert error.abs().max() <= 0.5 + 1e-6


@pytest.mark.parametrize("kernel", [triangle, keys_cubic])
def test_a_half_is_rounded_up(kernel):
    image = np.array([[[1, 2], [1, 2]]], dtype=np.uint8)
    assert resize(image, 1, kernel).tolist() == [[[2]]]


@pytest.mark.parametrize(("kernel", "source", "target"), [(triangle, 28, 24), (keys_cubic, 8, 20)])
def test_sums_stay_small_enough_to_be_exact_in_float64(kernel, source, target):
    largest = np.abs(integer_weights(source, target, kernel)).sum(1).max()
    assert 255 * int(largest) ** 2 < 2**53
