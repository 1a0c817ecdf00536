"""Every component drops into AIR by one line, or is refused with what would fit."""

import pytest
import torch

from objcentric.component import Component
from objcentric.interfaces import (
    Background,
    Baseline,
    Compositor,
    Glimpser,
    GradientEstimator,
    Likelihood,
    ObjectDecoder,
    ObjectEncoder,
    Prior,
    Scheduler,
)
from objcentric.progress import Progress
from objcentric.recipe import load
from objcentric.recipe.problem import Misfit, RecipeError
from objcentric.registry import Registry

SMALL = ["model.what_dim=4", "model.glimpse=8"]
PLACES: dict[str, type[Component]] = {
    "model.glimpser={}": Glimpser,
    "model.encoder={}": ObjectEncoder,
    "model.decoder={}": ObjectDecoder,
    "model.scheduler={}": Scheduler,
    "model.estimator={}": GradientEstimator,
    "model.estimator.baseline={}": Baseline,
    "model.prior={}": Prior,
    "model.compositor={}": Compositor,
    "model.compositor={{use: backed, background: {}}}": Background,
    "model.likelihood={}": Likelihood,
}
UNSUITABLE = {
    "schedulers.grid": ["air.air_prior", "priors.independent_bernoulli", "mlp_baseline"],
    "schedulers.peak_grid": ["air.air_prior", "priors.independent_bernoulli", "mlp_baseline"],
    "priors.independent_bernoulli": ["schedulers.grid", "priors.poisson"],
    "appearance.alpha_decoder": ["composition.over", "air.mlp_decoder"],
    "composition.over": ["appearance.alpha_decoder", "air.sum"],
    "composition.depth_over": ["tabletop.tabletop", "air.sum"],
    "appearance.masked_decoder": ["composition.softmax", "air.mlp_decoder"],
    "composition.softmax": ["appearance.masked_decoder", "air.sum"],
    "estimators.direct": ["estimators.enumerate"],
    "priors.certain": ["slots.slot_attention", "priors.poisson"],
    "slots.slot_attention": ["air.air_prior", "schedulers.residual"],
    "slots.slot_decoder": ["composition.softmax", "air.mlp_decoder"],
}
"""What AIR's other components do not go with, and names that the reason has to give."""


def swaps() -> list[tuple[str, str]]:
    registry = Registry.discover()
    return [
        (place.format(entry.canonical), entry.canonical)
        for place, interface in PLACES.items()
        for entry in registry.components(interface)
    ]


SUITABLE = [swap for swap, name in swaps() if name not in UNSUITABLE]
REFUSED = [(swap, name) for swap, name in swaps() if name in UNSUITABLE]


@pytest.mark.parametrize("swap", SUITABLE)
def test_one_line_replaces_a_component_of_air_and_the_model_learns(swap):
    model = load("air-multi-mnist", [*SMALL, swap]).build_model((1, 20, 20))
    torch.manual_seed(0)
    objective = model.objective(torch.rand(3, 1, 20, 20), Progress.at(0.0, epochs=10.0))
    objective.loss.backward()
    assert objective.loss.isfinite()
    moved = {name.partition(".")[0] for name, p in model.named_parameters() if p.grad is not None}
    assert {"scheduler", "encoder", "decoder"} <= moved


@pytest.mark.parametrize(("swap", "name"), REFUSED, ids=[name for _, name in REFUSED])
def test_one_line_that_does_not_fit_is_refused_with_both_names_and_what_fits(swap, name):
    with pytest.raises(RecipeError) as caught:
        load("air-multi-mnist", [*SMALL, swap])
    problems = caught.value.problems
    assert all(isinstance(problem, Misfit) for problem in problems)
    for named in (name, *UNSUITABLE[name]):
        assert any(named in problem.message for problem in problems), named


def test_whatever_is_refused_is_there():
    assert {name for _, name in REFUSED} == set(UNSUITABLE)
