"""A posterior that is one value."""

import torch
from torch.distributions import Normal, kl_divergence

from objcentric.deterministic import Deterministic
from objcentric.divergence import slot_kl
from objcentric.drafts import Latent


def test_every_sample_is_the_value() -> None:
    value = torch.randn(3, 2, 4)
    posterior = Deterministic(value)
    assert torch.equal(posterior.sample(), value)
    assert torch.equal(posterior.mean, value)
    assert torch.equal(posterior.sample((5,)), value.expand(5, 3, 2, 4))
    assert not posterior.stddev.any()
    assert not posterior.variance.any()


def test_gradients_flow_through_reparametrised_samples_and_no_others() -> None:
    value = torch.randn(3, 2, 4, requires_grad=True)
    (slope,) = torch.autograd.grad(Deterministic(value).rsample((5,)).sum(), value)
    assert (slope == 5).all()
    assert not Deterministic(value).sample().requires_grad


def test_its_kl_from_any_prior_counts_as_nothing() -> None:
    value = torch.full((3, 2, 4), 1e3)
    assert torch.equal(kl_divergence(Deterministic(value), Normal(0.0, 1.0)), 0 * value)
    kl = slot_kl(Latent(Deterministic(value), value), Normal(torch.zeros(2, 4), 1.0))
    assert torch.equal(kl, torch.zeros(3, 2))
