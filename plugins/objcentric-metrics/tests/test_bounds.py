"""Bounds against the evidence of a linear Gaussian model, which is known."""

import pytest
import torch

from objcentric_metrics.bounds import Elbo, Nll


@pytest.fixture
def batch(judged):
    return judged(torch.rand(6, 1, 2, 2, dtype=torch.float64))


@pytest.fixture(autouse=True)
def _double_precision():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def test_the_elbo_is_the_evidence_less_the_divergence_of_the_posterior(batch, figure_of):
    model, samples = batch.model, 20_000
    figure = figure_of(Elbo(samples=samples), batch)
    exact = model.elbo(batch.image).mean().item()
    deviation = model.log_weights(batch.image, samples).mean(1).std().item()
    assert abs(figure - exact) < 4 * deviation / samples**0.5
    assert figure < model.log_evidence(batch.image).mean().item()


def test_the_elbo_of_the_true_posterior_is_the_evidence_itself(batch, figure_of):
    batch.model.spread = 1.0
    exact = batch.model.log_evidence(batch.image).mean().item()
    assert figure_of(Elbo(), batch) == pytest.approx(exact, rel=1e-9)
    assert batch.model.asked == [1]


def test_nll_is_minus_the_mean_log_likelihood(batch, figure_of):
    torch.manual_seed(1)
    expected = -batch.model.log_likelihood(batch.image).mean().item()
    torch.manual_seed(1)
    assert figure_of(Nll(), batch) == pytest.approx(expected, rel=1e-12)
