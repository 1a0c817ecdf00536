"""KEY=VALUE on the command line."""

import pytest

from objcentric.recipe import RecipeError


def problem(toy, *overrides):
    with pytest.raises(RecipeError) as error:
        toy(*overrides)
    (found,) = error.value.problems
    return str(found)


def test_values_are_read_as_yaml(toy):
    plain = ("seed=3", "training.lr=1e-5", "description=x=y")
    recipe = toy(*plain, "model.encoder.hidden=[8]", "training.clip_norm=")
    assert (recipe.seed, recipe.training.lr, recipe.description) == (3, 1e-5, "x=y")
    assert recipe.model.components["encoder"].options["hidden"] == (8,)
    assert recipe.training.clip_norm is None


def test_a_later_override_wins(toy):
    assert toy("seed=3", "seed=4").seed == 4


def test_naming_another_component_resets_its_options(toy):
    recipe = toy("model.encoder.rate=2.0", "model.estimator=ordered_estimator")
    assert recipe.model.components["encoder"].options["rate"] == 2.0
    assert recipe.model.components["estimator"].options == {}


def test_naming_the_component_that_is_there_changes_nothing(toy):
    assert toy("model.estimator=toy_estimator") == toy()


def test_an_option_of_a_nested_component_is_reached_by_its_path(toy):
    estimator = toy("model.estimator.baseline.width=9").model.components["estimator"]
    assert estimator.options["baseline"].options == {"width": 9}


def test_an_option_of_a_component_that_is_a_default_is_reached_too(toy):
    glimpser = toy("model.glimpser.lens.zoom=5").model.components["glimpser"]
    assert glimpser.options["lens"].options == {"zoom": 5}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "model.glimpser.margn=1",
            "command line: model.glimpser.margn: unknown key 'margn'; did you mean 'margin'?",
        ),
        ("sed=3", "command line: sed: unknown key 'sed'; did you mean 'seed'?"),
        ("seed=x", 'command line: seed: expected a valid integer, got "x"'),
        ("seed", "command line: expected KEY=VALUE"),
        ("model..objects=3", "command line: expected KEY=VALUE"),
        ("seed=[1", "command line: seed: bad YAML"),
        ("extends=other", "command line: extends: unknown key 'extends'"),
        ("model.objects.of=3", "command line: model.objects: expected a valid integer"),
        ("seed={a: 1, a: 2}", "command line: seed.a: duplicate key"),
    ],
)
def test_a_wrong_override_is_reported_as_such(toy, override, message):
    with pytest.raises(RecipeError) as error:
        toy(override)
    assert str(error.value).startswith(message)


def test_a_missing_key_is_reported_where_the_file_has_its_section(write, toy):
    write("toy.yaml", prior="")
    assert problem(toy, "model.objects=3").startswith("toy.yaml:5:3: model.prior: missing")
