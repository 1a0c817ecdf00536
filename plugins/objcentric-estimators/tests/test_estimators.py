"""What holds for every estimator: at extremes, in any precision, in a recipe."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from objcentric.interfaces import Context, CostFunction, GradientEstimator
from objcentric.presence import IndependentPresence, OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.registry import Registry
from objcentric.scene import RequestedScene
from objcentric_air.recurrent_baseline import RecurrentBaseline
from objcentric_air.spatial_transformer import SpatialTransformer
from objcentric_estimators.concrete import Concrete
from objcentric_estimators.disarm import Disarm, antithetic_decisions
from objcentric_estimators.enumerate import Enumerate
from objcentric_estimators.nvil import Nvil
from objcentric_estimators.rebar import Rebar
from objcentric_estimators.relax import Relax
from objcentric_estimators.rloo import Rloo
from objcentric_estimators.straight_through import StraightThrough
from objcentric_estimators.vimco import Vimco

SCENE = RequestedScene((1, 2, 3), objects=3, what_dim=2, glimpse=2).settled(
    SpatialTransformer.where_spec
)
EVERY: list[Callable[[], GradientEstimator]] = [
    Enumerate,
    lambda: Nvil(baseline=RecurrentBaseline(SCENE)),
    Rloo,
    Vimco,
    Concrete,
    StraightThrough,
    Rebar,
    lambda: Relax(SCENE),
    Disarm,
]
IDS = [
    "enumerate",
    "nvil",
    "rloo",
    "vimco",
    "concrete",
    "straight_through",
    "rebar",
    "relax",
    "disarm",
]
every = pytest.mark.parametrize("make", EVERY, ids=IDS)
both_kinds = pytest.mark.parametrize("kind", [OrderedPresence, IndependentPresence])


def test_the_plugin_offers_all_of_them() -> None:
    found = {entry.canonical for entry in Registry.discover().components(GradientEstimator)}
    assert {f"estimators.{name}" for name in IDS} <= found


@every
@both_kinds
@pytest.mark.parametrize("size", [20.0, 200.0, 1e4])
def test_nothing_is_ever_infinite(
    make: Callable[[], GradientEstimator], kind: type[Presence], size: float
) -> None:
    estimator = make()
    corners = torch.tensor(
        [[1, 1, 1], [-1, -1, -1], [1, -1, 1], [-1, 1, 1], [1, 1, -1], [0, 1, -1]]
    )
    logits = (size * corners).requires_grad_()
    layers = torch.full((6, 3), 100.0, requires_grad=True)
    latents = torch.full((6, 3, 3), 1e3)
    context = Context(
        image=torch.ones(6, 1, 2, 3),
        where=latents,
        what=latents[..., :2],
        prior=kind(torch.full((3,), -size)),
        progress=Progress.finished(),
    )
    cost = CostFunction(lambda codes: ((codes * layers).sum(-1) - 150).square())
    for _ in range(20):
        estimate = estimator(kind(logits), cost, context)
        assert estimate.loss.isfinite()
        assert estimate.weights.isfinite().all()
        estimate.loss.backward()
    assert logits.grad.isfinite().all()
    assert layers.grad.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in estimator.parameters())


@every
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_precision_is_that_of_the_inputs(
    make: Callable[[], GradientEstimator], dtype: torch.dtype, small_scene: Callable[..., Any]
) -> None:
    estimate = small_scene().to(dtype).estimate(make().to(dtype))
    tensors = (estimate.loss, estimate.codes, estimate.costs, estimate.weights)
    assert {tensor.dtype for tensor in tensors} == {dtype}
    torch.testing.assert_close(estimate.weights.sum(0), torch.ones(4, dtype=dtype))


@every
def test_half_precision_logits_and_networks_do_no_harm(
    make: Callable[[], GradientEstimator], small_scene: Callable[..., Any]
) -> None:
    scene, estimator = small_scene().to(torch.float32), make()
    logits = scene.logits.bfloat16().requires_grad_()
    layers = scene.layers.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        estimate = estimator(scene.kind(logits), scene.cost(layers), scene.context(scene.prior))
    estimate.loss.backward()
    assert logits.grad.isfinite().all()
    assert layers.grad.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in estimator.parameters())


class NeverWaits(TorchDispatchMode):
    """Refuses what would make the host wait for a device: reading a number."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        assert func is not torch.ops.aten._local_scalar_dense.default, "waits for the device"
        return func(*args, **(kwargs or {}))


@every
@both_kinds
def test_a_training_step_never_waits_for_the_device(
    make: Callable[[], GradientEstimator],
    kind: type[Presence],
    small_scene: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Schedulers and priors make presences that do not check themselves, for that reason.
    monkeypatch.setattr(kind, "_validate_args", False)
    scene, estimator = small_scene(kind), make().double()
    scene.logits.requires_grad_()
    scene.layers.requires_grad_()
    with NeverWaits():
        scene.estimate(estimator).loss.backward()


@every
def test_an_estimate_can_be_had_without_gradients(
    make: Callable[[], GradientEstimator], small_scene: Callable[..., Any]
) -> None:
    with torch.no_grad():
        estimate = small_scene().estimate(make().double())
    assert estimate.loss.isfinite()


def test_antithetic_decisions_are_each_fair_and_together_disagree_the_most() -> None:
    draws, probs = 40_000, torch.tensor([0.3, 0.5, 0.9]).double()
    pair = antithetic_decisions(torch.logit(probs).expand(draws, 3), 1)[:, 0]  # (2, N, K)
    z = (pair.mean(1) - probs) / (probs * (1 - probs) / draws).sqrt()
    assert z.abs().max() < 4
    disagree = (pair[0] != pair[1]).double().mean(0)
    most = 2 * torch.minimum(probs, 1 - probs)
    assert ((disagree - most).abs() < 4 * (most * (1 - most) / draws).sqrt() + 1e-9).all()


def test_annealing_has_to_begin_before_it_finishes() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Concrete(begin=5.0, finish=2.0)
