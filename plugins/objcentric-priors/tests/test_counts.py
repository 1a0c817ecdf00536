"""Priors over the number of objects: the distributions that they say they are."""

import math

import pytest
import torch
from torch.distributions import kl_divergence

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene, SceneSpec
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_priors.learnt_count import LearntCount
from objcentric_priors.poisson import Poisson
from objcentric_priors.truncated_geometric import TruncatedGeometric
from objcentric_priors.uniform_count import UniformCount

START = Progress.at(0.0, epochs=1.0)


def scene(slots: int) -> SceneSpec:
    return RequestedScene((1, 8, 8), objects=slots, what_dim=2, glimpse=4).settled(
        SpatialTransformer.where_spec
    )


def probabilities(prior: Prior) -> torch.Tensor:
    return prior.presence(START).counts().probs


def normalised(weights: list[float]) -> torch.Tensor:
    return torch.tensor(weights) / sum(weights)


@pytest.mark.parametrize("slots", [1, 3, 7])
@pytest.mark.parametrize("presence", [0.01, 0.5, 0.99])
def test_a_truncated_geometric_count_falls_by_one_factor_up_to_the_last(
    slots: int, presence: float
) -> None:
    expected = normalised([presence**n for n in range(slots + 1)])
    found = probabilities(TruncatedGeometric(scene(slots), presence=presence))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize("slots", [1, 3, 7])
@pytest.mark.parametrize("rate", [0.1, 1, 8.0])
def test_a_poisson_count_is_poisson_up_to_the_last(slots: int, rate: float) -> None:
    expected = normalised([rate**n / math.factorial(n) for n in range(slots + 1)])
    found = probabilities(Poisson(scene(slots), rate=rate))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize("slots", [1, 3, 7])
@pytest.mark.parametrize("prior", [UniformCount, LearntCount])
def test_a_uniform_count_is_uniform_and_a_learnt_one_starts_so(
    slots: int, prior: type[Prior]
) -> None:
    expected = torch.full((slots + 1,), 1 / (slots + 1))
    torch.testing.assert_close(probabilities(prior(scene(slots))), expected)


def test_samples_have_the_stated_counts() -> None:
    """Seed 0; 20,000 scenes; the frequency of each count within z = 4."""
    prior, n = Poisson(scene(3), rate=1.0), 20_000
    presence, _, _ = prior.sample(n, START)
    expected = probabilities(prior)
    frequency = presence.sum(-1).long().bincount(minlength=4) / n
    z = (frequency - expected) / (expected * (1 - expected) / n).sqrt()
    assert z.abs().max() < 4


def test_a_learnt_count_becomes_the_posterior_s_average() -> None:
    counts = normalised([1, 2, 5, 0.5])
    posterior = OrderedPresence.from_counts(counts.log()).expand((4,))
    prior = LearntCount(scene(3))
    optimizer = torch.optim.Adam(prior.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        kl_divergence(posterior, prior.presence(START)).mean().backward()
        optimizer.step()
    torch.testing.assert_close(probabilities(prior).detach(), counts, rtol=1e-3, atol=0)


def test_a_learnt_count_that_is_sure_stays_finite() -> None:
    prior = LearntCount(scene(3))
    with torch.no_grad():
        prior.logits.copy_(torch.tensor([0.0, 1e4, -1e4, 0.0]))
    posterior = OrderedPresence(torch.tensor([[1e4, 1e4, 1e4], [-1e4, 0.0, 2.0]]))
    loss = kl_divergence(posterior, prior.presence(START)).sum()
    loss.backward()
    assert loss.isfinite()
    assert prior.logits.grad.isfinite().all()


@pytest.mark.parametrize("prior", [TruncatedGeometric, Poisson, UniformCount, LearntCount])
def test_a_prior_in_double_precision_is_so_throughout(prior: type[Prior]) -> None:
    belief = prior(scene(3)).double()(START)
    assert belief.presence.logits.dtype == torch.float64
    assert belief.where.mean.dtype == torch.float64
