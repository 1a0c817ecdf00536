"""A truncated geometric count that is annealed."""

import pytest
import torch

from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_priors.annealed_truncated import AnnealedTruncated
from objcentric_priors.truncated_geometric import TruncatedGeometric

SCENE = (
    RequestedScene((1, 8, 8), objects=3, what_dim=2, glimpse=4)
    .settled(SpatialTransformer.where_spec)
    .with_slots(3)
)


def probabilities(prior: AnnealedTruncated, epoch: float) -> torch.Tensor:
    return prior.presence(Progress.at(epoch, epochs=10.0)).counts().probs


@pytest.mark.parametrize(("epoch", "factor"), [(2.0, 0.1), (3.0, 0.01), (9.0, 0.01)])
def test_the_factor_falls_exponentially(epoch: float, factor: float) -> None:
    prior = AnnealedTruncated(SCENE, start=1.0, end=0.01, begin=1.0, finish=3.0)
    fixed = TruncatedGeometric(SCENE, presence=factor).presence(Progress.finished())
    torch.testing.assert_close(probabilities(prior, epoch), fixed.counts().probs)


def test_at_first_all_counts_are_equally_likely() -> None:
    prior = AnnealedTruncated(SCENE, start=1.0, begin=1.0)
    torch.testing.assert_close(probabilities(prior, 0.5), torch.full((4,), 0.25))


def test_annealing_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match=r"finishes \(epoch 1.0\) before it begins \(2.0\)"):
        AnnealedTruncated(SCENE, begin=2.0, finish=1.0)
