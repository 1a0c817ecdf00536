"""Canvases against images."""

import pytest
import torch
from sklearn.metrics import mean_squared_error

from objcentric_metrics.reconstruction import Mse


def test_mse_is_a_mean_over_pixels_channels_and_images(judged, figure_of):
    image, canvas = torch.rand(2, 5, 3, 4, 6)
    expected = mean_squared_error(image.flatten(), canvas.flatten())
    assert figure_of(Mse(), judged(image, canvas=canvas)) == pytest.approx(expected)


def test_a_short_last_batch_counts_for_what_it_holds(judged, figure_of):
    image, canvas = torch.rand(2, 5, 3, 4, 6)
    parts = (judged(image[p], canvas=canvas[p]) for p in (slice(4), slice(4, None)))
    whole = figure_of(Mse(), judged(image, canvas=canvas))
    assert figure_of(Mse(), *parts) == pytest.approx(whole, rel=1e-12)
