"""The model section: a whole model, or the default wiring with its places."""

import pytest
import torch

from objcentric.recipe import RecipeError, load
from objcentric.recipe.whole_recipe import WholeRecipe


def problem(toy, *overrides):
    with pytest.raises(RecipeError) as error:
        toy(*overrides)
    (found,) = error.value.problems
    return str(found)


@pytest.mark.parametrize(
    "override", ["model=toy_model", "model.use=toy_model", "model={use: toy.toy_model}"]
)
def test_naming_a_model_drops_the_sizes_and_components_of_the_wiring(toy, override):
    plain = toy(override).plain()
    assert plain["model"] == {"use": "toy.toy_model", "latent": 16, "lens": None}


def test_a_whole_model_is_given_the_shape_of_an_image_and_its_options(toy):
    recipe = toy("model={use: toy_model, lens: pane}", "model.latent=4")
    model = recipe.build_model((1, 8, 9))
    assert (model.image_shape, model.latent, model.lens.image_shape) == ((1, 8, 9), 4, (1, 8, 9))


def test_a_whole_model_has_initial_weights_of_the_seed(toy):
    one, same, other = (
        toy("model=toy_model", f"seed={seed}").build_model((1, 8, 8)).layer.weight
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_recipe_with_a_whole_model_says_it_in_full_and_is_read_again(toy, write, registry):
    recipe = toy("model={use: toy_model, latent: 3}")
    assert "model: {use: toy.toy_model, latent: 3, lens: null}" in recipe.to_yaml().splitlines()
    assert load(write("again.yaml", recipe.to_yaml()), (), registry) == recipe


def test_a_variant_may_name_a_whole_model_and_a_variant_of_it_may_change_an_option(write, registry):
    write("toy.yaml")
    write("whole.yaml", "name: whole\nextends: toy.yaml\nmodel: {use: toy_model, latent: 3}\n")
    write("more.yaml", "name: more\nextends: whole.yaml\nmodel: {latent: 5}\n")
    model = load("more.yaml", (), registry).model
    assert isinstance(model, WholeRecipe)
    assert model.choice.options["latent"] == 5


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["model=toy_modl"], "model: there is no scene model 'toy_modl'; did you mean 'toy_model'"),
        (["model=toy_sum"], "model: there is no scene model 'toy_sum'"),
        (["model=3"], "model: expected a scene model, or sizes and components, got 3"),
        (["model={use: toy_model, objects: 3}"], "model.objects: unknown key 'objects'"),
        (
            ["model={use: toy_model, lens: glass}"],
            "model.lens: toy.glass takes sizes (Requested",
        ),
    ],
)
def test_a_model_that_cannot_be_is_refused(toy, overrides, message):
    assert problem(toy, *overrides).startswith(f"command line: {message}")


def test_a_place_that_may_be_empty_is_left_empty_by_null(toy):
    recipe = toy("model.encoder=null")
    assert recipe.model.components["encoder"] is None
    assert recipe.plain()["model"]["encoder"] is None
    assert "model.encoder" not in [choice.path for choice in recipe.model.walk()]


def test_a_place_with_a_default_of_none_need_not_be_written(toy):
    assert toy().plain()["model"]["renderer"] is None


def test_a_place_that_may_be_empty_must_still_be_said_where_it_has_no_default(write, registry):
    with pytest.raises(RecipeError, match=r"model\.encoder: missing"):
        load(write("toy.yaml", encoder=""), (), registry)


def test_a_place_that_may_not_be_empty_refuses_null(toy):
    assert "model.prior: expected a prior" in problem(toy, "model.prior=null")
