"""A resolved recipe is complete, and builds what it says."""

import pytest
import torch

from objcentric.recipe import RecipeError, load
from objcentric.recipe.component_choice import BrokenComponent


def test_the_text_of_a_recipe_is_the_recipe(toy, write, registry):
    recipe = toy("model.glimpser.lens=null", "training.lr=1e-7", "description='yes'")
    again = load(write("again.yaml", recipe.to_yaml()), (), registry)
    assert again == recipe
    assert again.to_yaml() == recipe.to_yaml()


def test_the_text_has_canonical_names_and_every_option_in_order(toy):
    lines = toy().to_yaml().splitlines()
    assert lines[:4] == ["name: toy", "seed: 1", "scenes: {use: toy.toy_scenes, size: 8}", "model:"]
    assert "    lens: {use: toy.glass, zoom: 2}" in lines
    assert "    hidden: [5, 6]" in lines
    assert "clip_norm: null" in next(line for line in lines if line.startswith("training:"))


def test_the_glimpser_and_the_scheduler_give_the_others_their_sizes(toy):
    recipe = toy("model.glimpser.margin=2", "model.scheduler.factor=3")
    model = recipe.build_model(recipe.build_source().image_shape)
    assert model.glimpser.scene.objects == 2
    assert model.scheduler.scene.slots == 2
    assert model.scheduler.scene.where == model.glimpser.where
    assert model.encoder.scene.glimpse_shape == (1, 6, 6)
    assert model.encoder.scene.slots == 6
    assert model.encoder.scene.where.names == ("x", "y")


def test_a_nested_component_gets_its_owner_s_scene(toy):
    model = toy("model.glimpser.lens.zoom=4").build_model((1, 8, 8))
    assert model.glimpser.lens.zoom == 4
    assert model.glimpser.lens.scene == model.glimpser.scene


def test_a_component_inside_a_glimpser_cannot_have_settled_sizes(toy):
    with pytest.raises(RecipeError, match=r"lens: toy\.late takes sizes \(SceneSpec\)"):
        toy("model.glimpser.lens=late")


def test_options_arrive_as_the_signature_types_them(toy):
    model = toy().build_model((1, 8, 8))
    assert model.encoder.hidden == (5, 6)
    assert model.estimator.baseline.width == 7
    assert model.options.beta == 1.0


def test_a_constructor_that_refuses_its_options_is_a_problem_at_its_place(toy):
    recipe = toy("model.prior={use: toy_prior, low: 0.5}")
    with pytest.raises(RecipeError) as error:
        recipe.build_model((1, 8, 8))
    (problem,) = error.value.problems
    assert (problem.file, problem.path) == ("command line", "model.prior")
    assert "low, 0.5, lies above high" in problem.message


@pytest.mark.parametrize("kind", [TypeError, RuntimeError])
def test_a_bug_in_a_constructor_is_the_component_s_and_no_problem_of_the_recipe(
    toy, monkeypatch, kind
):
    recipe = toy("model.glimpser.lens.zoom=3")
    original = kind("unsupported operand")

    def fail(*_, **__):
        raise original

    lens = recipe.model.components["glimpser"].options["lens"]
    monkeypatch.setattr(lens.component, "__init__", fail)
    with pytest.raises(
        BrokenComponent, match=r"toy\.glass, at model\.glimpser\.lens, .*bug"
    ) as error:
        recipe.build_model((1, 8, 8))
    assert error.value.__cause__ is original


def test_initial_weights_depend_on_the_seed_and_on_nothing_before(toy):
    first = toy().build_model((1, 8, 8)).encoder.layer.weight
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert torch.equal(toy().build_model((1, 8, 8)).encoder.layer.weight, first)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(toy("seed=2").build_model((1, 8, 8)).encoder.layer.weight, first)


def test_a_swap_leaves_the_initial_weights_of_other_components_alone(toy):
    plain, swapped = toy(), toy("model.scheduler.factor=2")
    weights = [recipe.build_model((1, 8, 8)).encoder.layer.weight for recipe in (plain, swapped)]
    assert torch.equal(*weights)
