"""What stands out in an image, and what has been looked at already."""

import pytest
import torch

from objcentric.blocks.saliency import RunningBlur, Saliency, hann, peak
from objcentric.drafts import Layers
from objcentric.placed import Placed, Placement

WINDOW = torch.tensor([10.0, 6.0])
"""Wider than high, so that the two are not confused."""


@pytest.fixture
def image() -> torch.Tensor:
    return torch.zeros(2, 1, 20, 30)


@pytest.fixture
def saliency(image: torch.Tensor) -> Saliency:
    return Saliency.of(image, WINDOW, blur=1.0, sigma=0.5)


def at(column: int, row: int) -> torch.Tensor:
    """The centre of a pixel of a 30×20 image, in [-1, 1]."""
    return torch.tensor([(column + 0.5) / 15 - 1, (row + 0.5) / 10 - 1])


def test_the_peak_is_the_centre_of_the_brightest_pixel_of_each_image(image) -> None:
    image[0, 0, 3, 25], image[1, 0, 17, 4] = 0.5, 2.0
    place, height = peak(image[:, 0])
    torch.testing.assert_close(place, torch.stack([at(25, 3), at(4, 17)]))
    assert height.tolist() == [[0.5], [2.0]]


def test_a_blurred_disc_is_brightest_in_its_middle_whichever_of_its_pixels_is(image, saliency):
    image[0, 0, 8:13, 10:15] = 0.8
    image[0, 0, 8, 10] = 1.0
    place, _ = peak(saliency.blurred(image[:, 0]))
    torch.testing.assert_close(place[0], at(12, 10))


def test_the_blur_reaches_half_a_window_to_each_side_and_keeps_the_sum(image, saliency) -> None:
    image[:, 0, 10, 15] = 1.0
    blurred = saliency.blurred(image[:, 0])
    assert (blurred[0].amax(0) > 1e-6).nonzero().flatten().tolist() == list(range(11, 20))
    assert (blurred[0].amax(1) > 1e-6).nonzero().flatten().tolist() == list(range(8, 13))
    torch.testing.assert_close(blurred.sum((1, 2)), torch.ones(2))


def test_a_blur_of_less_than_two_pixels_changes_nothing() -> None:
    torch.testing.assert_close(hann(torch.tensor(0.1), 7), torch.eye(7))


def test_inhibition_falls_with_the_distance_in_windows(saliency) -> None:
    factor = saliency.beside(torch.stack([at(12, 10), at(0, 0)]))
    assert factor[0, 10, 12] == 0
    # One standard deviation is 5 pixels across and 3 down.
    one = 1 - torch.exp(torch.tensor(-0.5))
    torch.testing.assert_close(factor[0, 10, 17], one)
    torch.testing.assert_close(factor[0, 13, 12], one)
    assert factor[0, 10, 29] > 0.99
    assert factor[1, 0, 0] == 0


@pytest.mark.parametrize("linear", [True, False])
def test_the_blurred_map_of_what_is_left_follows_patches_that_are_drawn(saliency, linear) -> None:
    left = torch.rand(2, 3, 20, 30)
    blur, intensity = RunningBlur(saliency, linear=linear), lambda: left.mean(1)
    torch.testing.assert_close(blur.of(intensity), saliency.blurred(left.mean(1)))
    for _ in range(3):
        patches, rows, columns = (
            torch.rand(2, 1, 3, 4, 4),
            torch.rand(2, 1, 20, 4),
            torch.rand(2, 1, 30, 4),
        )
        layer = Layers.kept(Placed(patches, Placement(rows, columns)))
        blur.drew(layer)
        left = left - layer.color[:, 0]
        torch.testing.assert_close(blur.of(intensity), saliency.blurred(left.mean(1)))
