"""The exact expectation, and the mixture that it is taken over while it has a floor."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from einops import einsum

from objcentric.progress import Progress
from objcentric_estimators.enumerate import Enumerate

Scene = Callable[..., Any]


def at(scene: Any, epoch: float) -> Any:
    return scene.at(Progress.at(epoch, epochs=10.0))


def test_without_a_floor_codes_weigh_what_they_are_probable(small_scene: Scene) -> None:
    scene = small_scene()
    posterior = scene.kind(scene.logits)
    estimate = at(scene, 0.0).estimate(Enumerate())
    torch.testing.assert_close(estimate.weights, posterior.log_prob(estimate.codes).exp())
    expected = einsum(estimate.weights, estimate.costs, "s b, s b -> b").mean()
    torch.testing.assert_close(estimate.loss, expected)


@pytest.mark.parametrize(("epoch", "share"), [(0.0, 0.4), (1.0, 0.2), (2.0, 0.0), (9.0, 0.0)])
def test_the_floor_is_spread_evenly_and_is_gone_in_time(
    epoch: float, share: float, small_scene: Scene
) -> None:
    scene = small_scene()
    estimate = at(scene, epoch).estimate(Enumerate(floor=0.4, floor_until=2.0))
    probs = scene.kind(scene.logits).log_prob(estimate.codes).exp()
    torch.testing.assert_close(estimate.weights, (1 - share) * probs + share / 4)
    torch.testing.assert_close(estimate.weights.sum(0), torch.ones_like(estimate.weights[0]))
    expected = einsum(estimate.weights, estimate.costs, "s b, s b -> b").mean()
    torch.testing.assert_close(estimate.loss, expected)


def test_with_a_floor_a_layer_learns_although_it_is_never_present(small_scene: Scene) -> None:
    """Which is what the floor is for: without it the gradient is as small as the probability."""
    scene = at(small_scene(), 0.0)
    scene.logits[:, 1:] = -30.0
    exact = scene.gradients(Enumerate()).layers[:, 1:].abs().max()
    floored = scene.gradients(Enumerate(floor=0.1)).layers[:, 1:].abs().max()
    assert exact < 1e-12
    assert floored > 1e-3


def test_a_floor_is_a_bias_and_says_so() -> None:
    assert not Enumerate().biased
    assert Enumerate(floor=0.1).biased


def test_a_figure_is_exact_whatever_the_floor(small_scene: Scene) -> None:
    """Evaluations happen past the end of every schedule."""
    scene = small_scene().at(Progress.finished())
    exact, floored = (scene.estimate(Enumerate(floor=floor)) for floor in (0.0, 0.5))
    torch.testing.assert_close(exact.loss, floored.loss, rtol=0, atol=0)
