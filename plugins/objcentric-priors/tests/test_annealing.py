"""Priors that change as training goes on."""

from collections.abc import Callable

import pytest
import torch
from torch.distributions import Binomial

from objcentric.interfaces import Prior
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_priors.annealed_geometric import AnnealedGeometric
from objcentric_priors.independent_bernoulli import IndependentBernoulli

SCENE = (
    RequestedScene((1, 8, 8), objects=3, what_dim=2, glimpse=4)
    .settled(SpatialTransformer.where_spec)
    .with_slots(16)
)


def at(epoch: float) -> Progress:
    return Progress.at(epoch, epochs=10.0)


@pytest.mark.parametrize("prior", [AnnealedGeometric, IndependentBernoulli])
def test_log_odds_move_linearly_between_the_epochs_that_are_named(
    prior: Callable[..., Prior],
) -> None:
    annealed = prior(SCENE, start=0.9, end=0.1, begin=1.0, finish=5.0)

    def probability(epoch: float) -> torch.Tensor:
        return annealed.presence(at(epoch)).logits.sigmoid()

    for epoch, expected in [(0, 0.9), (1, 0.9), (3, 0.5), (5, 0.1), (99, 0.1)]:
        torch.testing.assert_close(probability(epoch), torch.full((16,), expected))
    finished = annealed.presence(Progress.finished()).logits
    torch.testing.assert_close(finished, annealed.presence(at(5)).logits)


@pytest.mark.parametrize("prior", [AnnealedGeometric, IndependentBernoulli])
def test_annealing_that_ends_before_it_begins_is_refused(prior: Callable[..., Prior]) -> None:
    with pytest.raises(ValueError, match=r"finishes \(epoch 1.0\) before it begins \(2.0\)"):
        prior(SCENE, begin=2.0, finish=1.0)


def test_annealing_that_takes_no_time_is_a_step() -> None:
    prior = IndependentBernoulli(SCENE, start=0.9, end=0.1, begin=2.0, finish=2.0)
    logits = [prior.presence(at(epoch)).logits[0].sigmoid().item() for epoch in (1.9, 2.0)]
    assert logits == pytest.approx([0.9, 0.1])


def test_the_count_of_independent_slots_is_binomial() -> None:
    prior = IndependentBernoulli(SCENE, start=0.1)
    counts = prior.presence(at(0)).counts()
    binomial = Binomial(16, torch.tensor(0.1)).log_prob(torch.arange(17.0)).exp()
    torch.testing.assert_close(counts.probs, binomial, rtol=1e-4, atol=1e-9)


def test_the_order_of_independent_slots_does_not_matter() -> None:
    presence = IndependentBernoulli(SCENE).presence(at(0))
    codes = (torch.rand(5, 16) < 0.5).float()
    permuted = codes[:, torch.randperm(16)]
    torch.testing.assert_close(presence.log_prob(codes), presence.log_prob(permuted))


def test_every_slot_of_a_grid_has_a_where_and_a_what() -> None:
    belief = IndependentBernoulli(SCENE)(at(0))
    assert belief.presence.logits.shape == (16,)
    assert belief.where.mean.shape == (16, 3)
    assert belief.what.mean.shape == (16, 2)
