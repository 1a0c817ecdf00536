import math

import pytest
import torch

from objcentric_air.gaussian import Gaussian
from objcentric_composition.learnt_gaussian import LearntGaussian


def test_it_starts_as_the_gaussian_of_fixed_standard_deviation():
    image, canvas = torch.rand(2, 1, 5, 5), torch.rand(3, 2, 1, 5, 5)
    learnt, fixed = LearntGaussian(std=0.3), Gaussian(std=0.3)
    torch.testing.assert_close(learnt.log_prob(image, canvas), fixed.log_prob(image, canvas))
    assert learnt.log_constant(image) == pytest.approx(fixed.log_constant(image))


def test_its_gradient_vanishes_where_the_standard_deviation_is_the_root_mean_square_error():
    canvas = torch.zeros(1, 1, 1, 50, 50)
    image = 0.3 * torch.randn(1, 1, 50, 50)
    for factor, sign in ((0.8, 1), (1.0, 0), (1.25, -1)):
        std = factor * image.square().mean().sqrt().item()
        likelihood = LearntGaussian(std=std)
        likelihood.log_prob(image, canvas).sum().backward()
        slope = likelihood.raw_std.grad.item()
        assert round(slope / 100) == 0 if sign == 0 else math.copysign(1, slope) == sign


def test_the_standard_deviation_never_falls_below_the_smallest():
    likelihood = LearntGaussian(smallest=0.05)
    with torch.no_grad():
        likelihood.raw_std.fill_(-1e4)
    assert likelihood.std.item() == pytest.approx(0.05)


def test_a_first_value_below_the_smallest_is_refused():
    with pytest.raises(ValueError, match=r"std \(0.05\) is not above smallest \(0.1\)"):
        LearntGaussian(std=0.05, smallest=0.1)
