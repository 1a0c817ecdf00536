"""Several seeds trained as one: each learns what it learns alone."""

import pytest
import torch
from small_quickstart import SMALL

from objcentric.randomness import derived_seed, noise_state
from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.training.batches import epoch_batches
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.noise_tape import NotStackable
from objcentric.training.engines.stack import Stack, clip_each
from objcentric.training.guards import unchecked
from objcentric.training.optimizer import optimizer_state

SEEDS = (0, 1, 5)


@pytest.fixture(scope="module")
def registry():
    return Registry.discover()


def at_the_start(recipe):
    """An engine at the beginning of a training, and its noise."""
    scenes = recipe.build_source().scenes("train")
    torch.manual_seed(recipe.seed)
    model = recipe.build_model(tuple(scenes.images.shape[1:]))
    metrics = recipe.evaluation.build()
    engine = EagerEngine(model, scenes, metrics, recipe.training, recipe.model.rates)
    torch.manual_seed(derived_seed("noise", recipe.seed))
    return engine, noise_state(engine.device)


def learned(engine):
    state = engine.model.state_dict() | optimizer_state(engine.model, engine.optimizer)
    return {name: value.clone() for name, value in state.items()}, engine.tally.means()


def alone(recipe, steps=6):
    engine, _ = at_the_start(recipe)
    with unchecked():
        engine.begin_epoch(0, epoch_batches(recipe.seed, 0, 48, 8))
        for number in range(steps):
            engine.step(number, 8 * number)
    return learned(engine), noise_state(engine.device)


def together(recipes, steps=6):
    made = [at_the_start(recipe) for recipe in recipes]
    engines = [engine for engine, _ in made]
    stack = Stack(engines, [noise for _, noise in made])
    with unchecked():
        for recipe, engine in zip(recipes, engines, strict=True):
            engine.begin_epoch(0, epoch_batches(recipe.seed, 0, 48, 8))
        stack.begin_epoch()
        for number in range(steps):
            stack.step(number, 8 * number)
        stack.end_epoch()
    return engines, stack


DOUBLE = "training.precision=64-true"
"""Adam's first steps turn gradients of any size into steps of one size. In float32 that makes steps
of what is nothing but rounding, where a gradient should be 0."""


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("model.estimator=nvil", "training.optimizer=sgd", "training.momentum=0.9"),
        ("model.estimator=reinforce", "training.optimizer=rmsprop"),
        ("model.estimator=vimco", "training.clip_norm=null"),
    ],
    ids=["quickstart", "nvil", "reinforce", "vimco"],
)
def test_seeds_learn_together_what_each_learns_alone(registry, changes):
    recipes = [load("quickstart", [*SMALL, DOUBLE, *changes, f"seed={s}"], registry) for s in SEEDS]
    engines, stack = together(recipes)
    for seed, (recipe, engine) in enumerate(zip(recipes, engines, strict=True)):
        (wanted, figures), noise = alone(recipe)
        found, own_figures = learned(engine)
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            torch.testing.assert_close(found[name], value, rtol=1e-6, atol=1e-9, msg=name)
        assert own_figures == pytest.approx(figures, rel=1e-7)  # alone they are cast to float32
        with stack.alone(seed):
            assert torch.equal(torch.get_rng_state(), noise["cpu"])


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_in_other_precisions_the_losses_are_those_of_each_alone(registry, precision):
    words = [*SMALL, f"training.precision={precision}"]
    recipes = [load("quickstart", [*words, f"seed={s}"], registry) for s in SEEDS]
    engines, _ = together(recipes)
    tolerance = 1e-5 if precision == "32-true" else 2e-2
    for recipe, engine in zip(recipes, engines, strict=True):
        assert learned(engine)[1] == pytest.approx(alone(recipe)[0][1], rel=tolerance, abs=1e-3)


def test_a_seed_has_views_of_the_stacked_weights_and_moments(registry):
    """So a checkpoint, an evaluation and a restored weight need not know of the stack."""
    recipes = [load("quickstart", [*SMALL, f"seed={s}"], registry) for s in SEEDS]
    engines, stack = together(recipes, steps=1)
    before = [learned(engine)[0] for engine in engines]
    with unchecked():
        stack.begin_epoch()
        stack.step(1, 8)
    for engine, old in zip(engines, before, strict=True):
        new = learned(engine)[0]
        assert all(not torch.equal(new[key], old[key]) for key in new if key.endswith("exp_avg"))
        assert not torch.equal(new["decoder.network.0.weight"], old["decoder.network.0.weight"])


def test_what_cannot_be_stacked_is_refused_by_name(registry):
    recipes = [
        load("quickstart", [*SMALL, "model.estimator=rebar", f"seed={s}"], registry) for s in SEEDS
    ]
    with pytest.raises(NotStackable, match=r"not vmappable: gradient estimator estimators\.rebar"):
        together(recipes)


def test_noise_that_depends_on_values_is_refused(registry, monkeypatch):
    from objcentric.model.wired_model import WiredModel

    objective = WiredModel.objective

    def coin(model, image, progress):
        torch.bernoulli(image)
        return objective(model, image, progress)

    monkeypatch.setattr(WiredModel, "objective", coin)
    recipes = [load("quickstart", [*SMALL, f"seed={s}"], registry) for s in SEEDS]
    with pytest.raises(NotStackable, match="bernoulli draws noise that depends on values"):
        together(recipes)


def test_each_seed_is_clipped_by_itself():
    slopes = [torch.tensor([[3.0, 0.0], [0.3, 0.0]]), torch.tensor([[[4.0]], [[0.4]]])]
    clip_each(slopes, 1.0)
    torch.testing.assert_close(slopes[0], torch.tensor([[0.6, 0.0], [0.3, 0.0]]))
    torch.testing.assert_close(slopes[1], torch.tensor([[[0.8]], [[0.4]]]))
