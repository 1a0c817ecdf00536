"""A baseline that looks at the image alone."""

import torch

from objcentric.interfaces import Context
from objcentric.presence import IndependentPresence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_estimators.mlp_baseline import MlpBaseline

SCENE = (
    RequestedScene((1, 6, 6), objects=3, what_dim=2, glimpse=3)
    .settled(SpatialTransformer.where_spec)
    .with_slots(16)
)
START = Progress.at(0.0, epochs=1.0)


def context(image: torch.Tensor) -> Context:
    prior = IndependentPresence(torch.zeros(16))
    n = len(image)
    return Context(image, torch.randn(n, 16, 3), torch.randn(n, 16, 2), prior, START)


def test_every_slot_has_a_prediction_that_no_object_changes() -> None:
    baseline, image = MlpBaseline(SCENE), torch.rand(2, 1, 6, 6)
    assert baseline(context(image)).shape == (2, 16)
    assert (baseline(context(image)) == baseline(context(image))).all()
    assert (baseline(context(image)) != baseline(context(1 - image))).all()


def test_many_slots_at_a_high_learning_rate_leave_it_sane() -> None:
    """At the rate of air-multi-mnist, and costs of its size."""
    baseline, image = MlpBaseline(SCENE), torch.rand(64, 1, 6, 6)
    optimizer = torch.optim.Adam(baseline.parameters(), lr=1e-2)
    errors = []
    for _ in range(100):
        error = (90.0 - baseline(context(image))).square().mean()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        errors.append(error.item())
    assert max(errors) < 2 * errors[0]
    assert errors[-1] < 0.05 * errors[0]
