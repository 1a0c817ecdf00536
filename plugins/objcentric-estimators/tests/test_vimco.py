"""The multi-sample bound against its own enumeration."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import torch
from einops import rearrange
from torch import Tensor

from objcentric.interfaces import Estimate
from objcentric.presence import IndependentPresence, OrderedPresence, Presence
from objcentric_estimators.vimco import Vimco, leave_one_out_bounds

Scene = Callable[..., Any]


def exact_bound(
    scene: Any, logits: Tensor, layers: Tensor, prior: Tensor, particles: int
) -> Tensor:
    """-E[log mean of the weights] of each image, summed over images: every tuple of codes."""
    posterior = scene.kind(logits)
    codes = posterior.enumerate_support()
    q = posterior.log_prob(codes)
    weights = scene.kind(prior).log_prob(codes) - q - scene.cost(layers)(codes)  # (codes, B)
    total = logits.new_zeros(())
    for chosen in product(range(len(codes)), repeat=particles):
        pick = list(chosen)
        bound = weights[pick].exp().mean(0).log()
        total = total - (q[pick].sum(0).exp() * bound).sum()
    return total


def weights_of(estimate: Estimate, scene: Any) -> Tensor:
    """The log-weights of the codes that were taken."""
    prior, posterior = scene.kind(scene.prior), scene.kind(scene.logits)
    return prior.log_prob(estimate.codes) - posterior.log_prob(estimate.codes) - estimate.costs


@pytest.mark.parametrize("kind", [OrderedPresence, IndependentPresence])
@pytest.mark.parametrize("particles", [2, 3])
def test_the_mean_over_every_tuple_of_codes_is_the_gradient_of_the_bound(
    kind: type[Presence], particles: int, small_scene: Scene
) -> None:
    scene = small_scene(kind)
    mean = scene.expected(Vimco(particles=particles), particles)
    leaves = [scene.logits, scene.layers, scene.prior.expand(4, -1)]
    leaves = [leaf.clone().requires_grad_() for leaf in leaves]
    found = torch.autograd.grad(exact_bound(scene, *leaves, particles=particles), leaves)
    for ours, exact in zip((mean.logits, mean.layers, mean.prior), found, strict=True):
        torch.testing.assert_close(ours, exact)


def test_the_bound_falls_to_the_evidence_with_more_particles(small_scene: Scene) -> None:
    scene = small_scene()
    codes = scene.kind(scene.logits).enumerate_support()
    joint = scene.kind(scene.prior).log_prob(codes) - scene.cost(scene.layers)(codes)
    evidence = -joint.logsumexp(0).mean().item()
    bounds = []
    for particles in (2, 8, 64):
        many = scene.repeated(500)
        log_weights = weights_of(many.estimate(Vimco(particles=particles)), many)
        bounds.append(-log_weights.exp().mean(0).log().mean().item())
    assert bounds[0] > bounds[1] > bounds[2] > evidence - 1e-3
    assert bounds[2] == pytest.approx(evidence, abs=0.02)


def test_terms_beside_the_bound_count_by_importance(small_scene: Scene) -> None:
    scene = small_scene()
    estimate = scene.estimate(Vimco(particles=7))
    importance = weights_of(estimate, scene).exp()
    torch.testing.assert_close(estimate.weights, importance / importance.sum(0))


def test_a_sample_is_judged_against_the_geometric_mean_of_the_others() -> None:
    weights = torch.tensor([1.0, 4.0, 9.0, 2.0]).double()
    found = leave_one_out_bounds(rearrange(weights.log(), "s -> s 1"))
    first = ((4.0 * 9.0 * 2.0) ** (1 / 3) + 4.0 + 9.0 + 2.0) / 4
    assert found[0].exp().item() == pytest.approx(first)
