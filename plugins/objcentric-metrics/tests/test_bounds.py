"""Bounds against the evidence of a linear Gaussian model, which is known."""

import pytest
import torch

from objcentric_metrics.bounds import Elbo, Iwae, Nll


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


def test_the_iwae_bound_lies_between_the_elbo_and_the_evidence_and_tends_to_it(batch, figure_of):
    elbo, few, many = (
        figure_of(metric, batch)
        for metric in (Elbo(samples=20_000), Iwae(samples=5), Iwae(samples=20_000, at_once=5_000))
    )
    log_weights = batch.model.log_weights(batch.image, 20_000)
    evidence = batch.model.log_evidence(batch.image)
    deviation = (log_weights - evidence).exp().std(1).mean().item()
    assert elbo < few < many
    assert abs(many - evidence.mean().item()) < 4 * deviation / 20_000**0.5


def test_iwae_asks_for_no_more_samples_at_once_than_it_may(batch, figure_of):
    figure_of(Iwae(samples=25, at_once=10), batch)
    assert batch.model.asked == [10, 10, 5]


def test_how_many_samples_are_asked_for_at_once_does_not_change_the_iwae_bound(batch, figure_of):
    draws = batch.model.log_weights(batch.image, 7)
    served: list[None] = []

    def log_weights(image, n):
        part = draws[len(served) : len(served) + n]
        served.extend([None] * n)
        return part

    batch.model.log_weights = log_weights
    expected = (draws.exp().mean(0).log()).mean().item()
    for at_once in (1, 3, 7, 50):
        served.clear()
        figure = figure_of(Iwae(samples=7, at_once=at_once), batch)
        assert figure == pytest.approx(expected, rel=1e-12)


def test_one_sample_of_iwae_is_an_elbo(batch, figure_of):
    torch.manual_seed(2)
    elbo = figure_of(Elbo(), batch)
    torch.manual_seed(2)
    assert figure_of(Iwae(samples=1), batch) == pytest.approx(elbo, rel=1e-12)
