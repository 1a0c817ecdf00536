"""The control variates of REBAR and RELAX."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from objcentric.interfaces import CostFunction, Estimate, GradientEstimator
from objcentric.presence import IndependentPresence
from objcentric.scene import RequestedScene
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_estimators.rebar import Rebar
from objcentric_estimators.relax import Relax

SCENE = RequestedScene((1, 2, 3), objects=3, what_dim=2, glimpse=2).settled(
    SpatialTransformer.where_spec
)
Scene = Callable[..., Any]


def test_relax_starts_as_rebar(small_scene: Scene) -> None:
    scene = small_scene()
    found = []
    for estimator in (Rebar(), Relax(SCENE)):
        torch.manual_seed(3)
        found.append(scene.gradients(estimator.double()).logits)
    torch.testing.assert_close(*found)


@pytest.mark.parametrize("make", [Rebar, lambda: Relax(SCENE, hidden=(16,))])
def test_what_is_learnt_makes_the_gradient_vary_less(
    make: Callable[[], GradientEstimator], small_scene: Scene
) -> None:
    scene = small_scene().repeated(250)
    estimator = make().double()
    with torch.no_grad():
        estimator.get_parameter("eta").fill_(-0.5)  # a control variate that does harm
    optimizer = torch.optim.Adam(estimator.parameters(), lr=1e-2)

    def variance() -> float:
        return small_scene().drawn(estimator, 5_000).logits.var(0).sum().item()

    before = variance()
    for _ in range(150):
        optimizer.zero_grad()
        scene.estimate(estimator).loss.backward()
        optimizer.step()
    assert variance() < 0.5 * before


def test_the_square_is_descended_on_by_its_true_gradient(small_scene: Scene) -> None:
    scene = small_scene()
    estimator = Relax(SCENE, hidden=(4,)).double()
    with torch.no_grad():
        for parameter in estimator.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))

    def again() -> Estimate:
        torch.manual_seed(5)
        return scene.estimate(estimator)

    again().loss.backward()
    for name, parameter in estimator.named_parameters():
        entry, step = parameter.data.view(-1), 1e-6
        sides = []
        for sign in (1, -1):
            entry[0] += sign * step
            sides.append(again().diagnostics["squared_gradient"].item())
            entry[0] -= sign * step
        slope = (sides[0] - sides[1]) / (2 * step)
        assert parameter.grad.view(-1)[0].item() == pytest.approx(slope, rel=1e-4, abs=1e-7), name


def test_a_cost_of_one_linear_decision_has_next_to_no_variance_when_cold(
    small_scene: Scene,
) -> None:
    logits = torch.full((2_000, 1), 0.4, dtype=torch.float64, requires_grad=True)
    scene = small_scene().repeated(500)
    cost = CostFunction(lambda codes: 5 + codes.sum(-1))
    estimate = Rebar(temperature=0.1).double()(
        IndependentPresence(logits), cost, scene.context(scene.prior)
    )
    (found,) = torch.autograd.grad(estimate.loss * len(logits), logits)
    present = torch.sigmoid(logits[0].detach())
    slope = present * (1 - present)
    bare = (6**2 * (1 - present) + 5**2 * present) * slope - slope**2  # of the score function alone
    assert found.var() < 0.1 * bare
    score = (found.mean() - slope) / (found.std() / len(logits) ** 0.5)
    assert score.abs() < 4
