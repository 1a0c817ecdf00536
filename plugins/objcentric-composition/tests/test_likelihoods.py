"""What every likelihood of this plugin has to do."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from objcentric.interfaces import Likelihood
from objcentric_composition.bernoulli import Bernoulli
from objcentric_composition.continuous_bernoulli import ContinuousBernoulli
from objcentric_composition.laplace import Laplace
from objcentric_composition.learnt_gaussian import LearntGaussian
from objcentric_composition.mixture import Mixture

LINE = torch.linspace(-30, 30, 600_001, dtype=torch.float64)
UNIT = torch.linspace(0, 1, 100_001, dtype=torch.float64)
KINDS: dict[str, tuple[Callable[[], Likelihood], Tensor]] = {
    "learnt_gaussian": (LearntGaussian, LINE),
    "mixture": (Mixture, LINE),
    "laplace": (Laplace, LINE),
    "continuous_bernoulli": (ContinuousBernoulli, UNIT),
    "bernoulli": (Bernoulli, torch.tensor([0.0, 1.0], dtype=torch.float64)),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> tuple[Likelihood, Tensor]:
    """A likelihood, and the pixel values that it is a density (or probability) of."""
    make, support = KINDS[request.param]
    return make().double(), support


@pytest.mark.parametrize("canvas", [-0.3, 0.0, 0.2, 0.4999, 0.5, 0.5001, 0.7, 1.0, 1.7])
def test_a_pixel_has_probability_one_altogether_whatever_the_canvas(kind, canvas):
    likelihood, support = kind
    image = support.view(-1, 1, 1, 1)
    log_prob = likelihood.log_prob(image, torch.full_like(image, canvas)[None])[0]
    density = (log_prob + likelihood.log_constant(image)).exp()
    total = density.sum() if len(support) == 2 else torch.trapezoid(density, support)
    assert total.item() == pytest.approx(1, abs=1e-5)


def test_pixels_and_channels_are_independent_and_canvases_are_scored_apart(kind):
    likelihood, _ = kind
    image, canvas = (torch.rand(2, 3, 4, 5).double(), torch.rand(6, 2, 3, 4, 5).double())
    log_prob = likelihood.log_prob(image, canvas)
    assert log_prob.shape == (6, 2)
    torch.testing.assert_close(log_prob[3:4], likelihood.log_prob(image, canvas[3:4]))
    parts = [likelihood.log_prob(image[..., i : i + 1], canvas[..., i : i + 1]) for i in range(5)]
    torch.testing.assert_close(log_prob, sum(parts))
    apart = sum(likelihood.log_constant(image[..., i : i + 1]) for i in range(5))
    assert likelihood.log_constant(image) == pytest.approx(apart)


def test_the_image_itself_is_the_best_canvas_as_far_as_it_is_black_and_white(kind):
    likelihood, _ = kind
    image = torch.tensor([0.0, 1.0, 1.0, 0.0]).double().view(1, 1, 2, 2)
    others = torch.rand(50, 1, 1, 2, 2).double()
    assert (likelihood.log_prob(image, image[None]) >= likelihood.log_prob(image, others)).all()


def test_a_black_image_on_a_black_canvas_costs_about_nothing(kind):
    likelihood, _ = kind
    black = torch.zeros(1, 1, 50, 50).double()
    assert likelihood.log_prob(black, black[None]).abs().max() < 3


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_whatever_the_canvas_scores_and_gradients_are_finite(kind, dtype):
    likelihood = kind[0].to(dtype)
    values = torch.tensor(
        [-1e4, -1, -1e-8, 0, 1e-8, 0.49, 0.5, 0.51, 1, 1 + 1e-6, 1e4], dtype=dtype
    )
    canvas = values.view(1, 1, 1, 1, -1).requires_grad_()
    image = torch.rand(1, 1, 1, len(values), dtype=dtype)
    log_prob = likelihood.log_prob(image, canvas)
    log_prob.sum().backward()
    assert log_prob.dtype == dtype
    assert log_prob.isfinite().all()
    assert canvas.grad.isfinite().all()
    assert all(p.grad.isfinite().all() for p in likelihood.parameters())


def test_black_and_white_pixels_of_the_canvas_keep_their_gradients(kind):
    canvas = torch.tensor([0.0, 1.0]).double().view(1, 1, 1, 1, 2).requires_grad_()
    image = torch.tensor([0.9, 0.1]).double().view(1, 1, 1, 2)
    kind[0].log_prob(image, canvas).sum().backward()
    up, down = canvas.grad.flatten().tolist()
    assert up > 0 > down


def test_autocast_keeps_the_sum_over_pixels_in_full_precision(kind):
    likelihood = kind[0].float()
    image, canvas = torch.rand(2, 1, 50, 50), torch.rand(3, 2, 1, 50, 50).bfloat16()
    exact = likelihood.log_prob(image, canvas.float())
    with torch.autocast("cpu", torch.bfloat16):
        log_prob = likelihood.log_prob(image, canvas)
    torch.testing.assert_close(log_prob.float(), exact, rtol=1e-3, atol=1.0)


def test_constants_are_numbers(kind):
    assert math.isfinite(kind[0].log_constant(torch.zeros(1, 1, 50, 50)))
