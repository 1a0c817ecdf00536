"""The running figures of the signal."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from objcentric.scene import RequestedScene
from objcentric_air.recurrent_baseline import RecurrentBaseline
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_estimators.nvil import Nvil

SCENE = RequestedScene((1, 2, 3), objects=3, what_dim=2, glimpse=2).settled(
    SpatialTransformer.where_spec
)
Scene = Callable[..., Any]


def with_figures(mean: float, variance: float, **options: Any) -> Nvil:
    estimator = Nvil(baseline=RecurrentBaseline(SCENE, hidden=4), **options).double()
    estimator.signal_mean.fill_(mean)
    estimator.signal_variance.fill_(variance)
    return estimator


def test_normalising_scales_what_the_logits_are_told_and_nothing_else(small_scene: Scene) -> None:
    scene = small_scene()
    mean, exact = scene.expected(with_figures(1.5, 9.0), 1), scene.exact()
    torch.testing.assert_close(mean.logits, exact.logits / 3)
    torch.testing.assert_close(mean.layers, exact.layers)


def test_the_presence_kl_is_told_the_same_step(small_scene: Scene) -> None:
    scene = small_scene()
    assert scene.estimate(with_figures(1.5, 9.0)).presence_step == pytest.approx(1 / 3)
    assert scene.estimate(with_figures(1.5, 9.0, normalize=False)).presence_step == 1


def test_a_signal_that_spreads_less_than_a_nat_is_not_blown_up(small_scene: Scene) -> None:
    scene = small_scene()
    torch.testing.assert_close(
        scene.expected(with_figures(1.5, 0.01), 1).logits, scene.exact().logits
    )


def test_without_normalising_the_gradient_is_exact_whatever_the_figures(small_scene: Scene) -> None:
    scene = small_scene()
    torch.testing.assert_close(
        scene.expected(with_figures(1.5, 9.0, normalize=False), 1).logits, scene.exact().logits
    )


def test_the_figures_are_those_of_reached_decisions_and_move_by_the_decay(
    small_scene: Scene,
) -> None:
    scene = small_scene()
    estimator = Nvil(baseline=None, decay=0.75).double()
    estimate = scene.estimate(estimator)
    decisions = scene.kind(scene.logits).reached(estimate.codes).bool()
    signals = estimate.costs.unsqueeze(-1).expand(-1, -1, 3)[decisions]
    torch.testing.assert_close(estimator.signal_mean, signals.mean() / 4)
    torch.testing.assert_close(estimator.signal_variance, signals.var(correction=0) / 4)


def test_evaluation_leaves_the_figures_alone_and_checkpoints_hold_them(small_scene: Scene) -> None:
    estimator = with_figures(1.5, 9.0).eval()
    small_scene().estimate(estimator)
    state = estimator.state_dict()
    assert state["signal_mean"] == 1.5
    assert state["signal_variance"] == 9.0


def test_the_baseline_learns_the_cost(small_scene: Scene) -> None:
    scene = small_scene().repeated(20)
    estimator = Nvil(baseline=RecurrentBaseline(SCENE, hidden=8)).double()
    optimizer = torch.optim.Adam(estimator.parameters(), lr=1e-2)
    errors = []
    for _ in range(150):
        estimate = scene.estimate(estimator)
        optimizer.zero_grad()
        estimate.loss.backward()
        optimizer.step()
        errors.append(estimate.diagnostics["baseline_error"].item())
    assert sum(errors[-10:]) < 0.5 * sum(errors[:10])
