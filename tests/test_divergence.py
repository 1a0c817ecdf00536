"""KL divergence per slot."""

import pytest
import torch
from torch.distributions import Independent, Laplace, Normal, StudentT

from objcentric.divergence import slot_kl
from objcentric.drafts import Latent


def posterior(mean: float, batch: int = 1) -> Normal:
    return Normal(torch.full((batch, 2, 3), mean), torch.full((batch, 2, 3), 0.5))


def prior(kind: type = Normal) -> Normal | Laplace:
    return kind(torch.zeros(2, 3), torch.ones(2, 3))


def test_the_closed_form_is_summed_over_the_dimensions_of_a_slot() -> None:
    q = posterior(1.0)
    kl = slot_kl(Latent(q, q.rsample()), prior())
    one = 0.5 * (0.5**2 + 1.0 - 1 - 2 * torch.tensor(0.5).log())
    torch.testing.assert_close(kl, (3 * one).expand(1, 2))


def test_the_closed_form_does_not_depend_on_the_sample() -> None:
    q = posterior(1.0)
    assert torch.equal(
        slot_kl(Latent(q, q.rsample()), prior()), slot_kl(Latent(q, q.rsample()), prior())
    )


def test_dimensions_declared_as_events_give_the_same() -> None:
    q = posterior(1.0)
    declared = Latent(Independent(q, 1), q.rsample())
    expected = slot_kl(Latent(q, q.rsample()), prior())
    torch.testing.assert_close(slot_kl(declared, Independent(prior(), 1)), expected)


def test_without_a_closed_form_the_estimate_is_that_of_the_sample_that_was_drawn() -> None:
    q, p = posterior(1.0), StudentT(torch.full((2, 3), 4.0))
    sample = q.rsample()
    expected = (q.log_prob(sample) - p.log_prob(sample)).sum(-1)
    torch.testing.assert_close(slot_kl(Latent(q, sample), p), expected)


def test_estimates_without_a_closed_form_average_to_the_integral() -> None:
    """Seed 0; 20,000 samples; within z = 4.5 of a sum over a fine grid."""
    p = StudentT(torch.full((2, 3), 4.0))
    q = posterior(1.0, batch=20_000)
    estimates = slot_kl(Latent(q, q.rsample()), p)  # (B, K)
    grid = torch.linspace(-5, 7, 20_001, dtype=torch.float64)
    one_q, one_p = Normal(grid.new_tensor(1.0), 0.5), StudentT(grid.new_tensor(4.0))
    log_q = one_q.log_prob(grid)
    integral = 3 * torch.trapezoid(log_q.exp() * (log_q - one_p.log_prob(grid)), grid)
    z = (estimates.mean(0) - integral) / (estimates.std(0) / 20_000**0.5)
    assert z.abs().max() < 4.5


def test_the_estimate_hands_a_gradient_to_the_posterior() -> None:
    mean = torch.ones(1, 2, 3, requires_grad=True)
    q = Normal(mean, 0.5)
    slot_kl(Latent(q, q.rsample()), StudentT(torch.full((2, 3), 4.0))).sum().backward()
    assert (mean.grad != 0).all()


def test_a_sample_without_slots_is_refused() -> None:
    q = Normal(torch.zeros(3), torch.ones(3))
    with pytest.raises(Exception, match="sample"):
        slot_kl(Latent(q, q.rsample()), prior())
