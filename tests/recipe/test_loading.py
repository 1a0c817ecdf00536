"""Recipes from files, the ones that they extend, and what is wrong with them."""

import pytest

from objcentric.errors import ObjcentricError
from objcentric.recipe import RecipeError, load
from objcentric.recipe.wired_recipe import WiredRecipe

BROKEN = """\
name: broken
seed: -1
seed: 2
scens: toy_scenes
scenes: {use: toy_scene}
model:
  objects: 0
  what_dim: "3"
  glimpse: 4
  glimpser: {use: toy_glimpser, margin: -3, lens: {use: glass, zom: 1}}
  encoder: {use: toy_encoder, hidden: [5, x]}
  decoder: toy_encoder
  scheduler: {factor: 2}
  estimator: {use: toy_estimator, baseline: toy_baseline}
  compositor: null
  likelihood: toy_likelihood
training: {devise: cpu, precision: 16}
"""


def problems(source, registry, *overrides):
    with pytest.raises(RecipeError) as error:
        load(source, overrides, registry)
    return [str(problem) for problem in error.value.problems]


def test_everything_that_is_wrong_is_said_at_once_in_reading_order(write, registry):
    found = problems(write("broken.yaml", BROKEN), registry)
    expected = [
        ("2:7", "seed: expected greater than or equal to 0, got -1"),
        ("3:1", "seed: duplicate key; it is first given in line 2"),
        ("4:1", "scens: unknown key 'scens'; did you mean 'scenes'?"),
        ("5:15", "scenes: there is no scene source 'toy_scene'; did you mean 'toy_scenes'?"),
        ("7:3", "model.prior: missing; components to choose from: "),
        ("7:12", "model.objects: expected greater than 0, got 0"),
        ("8:13", 'model.what_dim: expected a valid integer, got "3"'),
        ("10:41", "model.glimpser.margin: expected greater than or equal to 0, got -3"),
        ("10:64", "model.glimpser.lens.zom: unknown key 'zom'; did you mean 'zoom'?"),
        ("11:43", 'model.encoder.hidden[1]: expected a valid integer, got "x"'),
        ("12:12", "model.decoder: 'toy_encoder' is no object decoder"),
        ("13:14", "model.scheduler: expected a scheduler, written `name` or"),
        ("14:45", "model.estimator.baseline.width: missing, and it has no default"),
        ("15:15", "model.compositor: expected a compositor"),
        ("17:12", "training.devise: unknown key 'devise'; did you mean 'device'?"),
        ("17:36", "training.precision: expected '32-true', 'bf16-mixed' or '64-true', got 16"),
    ]
    for problem, (place, message) in zip(found, expected, strict=True):
        assert problem.startswith(f"broken.yaml:{place}: {message}")


@pytest.mark.parametrize(
    "name", ["../../x", "/anywhere/x", "a/b", "..", ".hidden", "-x", "", "a b", "a\\n", "x" * 101]
)
def test_a_name_that_could_be_a_path_or_is_too_long_is_refused(write, registry, name):
    file = write("named.yaml", f'name: "{name}"\nseed: -1\n')
    (said,) = [problem for problem in problems(file, registry) if " name: " in problem]
    assert said.startswith(
        "named.yaml:1:7: name: expected a name of at most 100 letters (a-z, A-Z)"
    )
    assert "digits and -_. that starts with a letter or a digit, got " in said


@pytest.mark.parametrize("name", ["air-multi-mnist", "0.1_b", "A..b", "x" * 100])
def test_a_name_is_letters_digits_and_a_few_marks(toy, name):
    assert toy(f"name={name}").name == name


@pytest.mark.parametrize("text", ["", "- a\n", "just text\n"])
def test_a_file_that_is_no_mapping_is_refused(write, registry, text):
    (found,) = problems(write("r.yaml", text), registry)
    assert found == "r.yaml:1:1: expected a recipe: keys and values"


def test_a_recipe_that_nobody_ships_is_answered_with_those_that_there_are(registry):
    with pytest.raises(ObjcentricError, match=r"there is no recipe 'toy'.*path of a \.yaml file"):
        load("toy", (), registry)


def test_a_variant_changes_what_it_says_and_keeps_the_rest(write, registry):
    write("toy.yaml")
    child = "name: child\nextends: toy.yaml\nmodel:\n  encoder: {rate: 0.5}\n  prior: {high: 0.4}\n"
    recipe = load(write("child.yaml", child), (), registry)
    assert isinstance(recipe.model, WiredRecipe)
    components = recipe.model.components
    assert (recipe.name, recipe.seed) == ("child", 1)
    assert components["encoder"].options == {"hidden": (5, 6), "rate": 0.5}
    assert components["prior"].options == {"low": 0.1, "high": 0.4}


def test_a_path_in_extends_is_relative_to_the_file(write, registry, tmp_path):
    write("toy.yaml")
    (tmp_path / "below").mkdir()
    write("below/child.yaml", "name: child\nextends: ../toy.yaml\n")
    assert load("below/child.yaml", (), registry).seed == 1


def test_a_mistake_is_reported_in_the_file_that_makes_it(write, registry):
    write("toy.yaml", objects="objects: -1")
    child = "name: child\nextends: toy.yaml\nseed: x\n"
    found = problems(write("child.yaml", child), registry, "model.glimpse=0")
    assert [problem.partition(" ")[0] for problem in found] == [
        "child.yaml:3:7:",
        "toy.yaml:5:12:",
        "command",
    ]


def test_recipes_that_extend_each_other_are_refused(write, registry):
    write("a.yaml", "name: a\nextends: b.yaml\n")
    write("b.yaml", "name: b\nextends: a.yaml\n")
    (found,) = problems("a.yaml", registry)
    assert found.startswith("b.yaml:2:10: extends: a.yaml extends this recipe")


@pytest.mark.parametrize(
    ("extends", "reason"),
    [
        ("absent.yaml", "there is no file absent.yaml"),
        ("absent", "there is no recipe 'absent'"),
        ("[a, b]", "one recipe"),
    ],
)
def test_what_cannot_be_extended_is_refused(write, registry, extends, reason):
    (found,) = problems(write("r.yaml", f"name: r\nextends: {extends}\n"), registry)
    assert found.startswith("r.yaml:2:10: extends: ")
    assert reason in found


def test_a_missing_need_is_refused_with_what_would_fit(toy):
    with pytest.raises(RecipeError) as error:
        toy("model.estimator=ordered_estimator", "model.scheduler=unordered_scheduler")
    (problem,) = error.value.problems
    assert problem.path == "model.estimator"
    assert "toy.ordered_estimator needs 'order'" in problem.message
    assert "offered by: toy.toy_scheduler (scheduler);" in problem.message
    assert "do not need it: " in problem.message
    without = problem.message.rpartition("do not need it: ")[2].split(", ")
    assert "toy.toy_estimator" in without
    assert "toy.ordered_estimator" not in without


def test_a_met_need_is_no_problem(toy):
    chosen = toy("model.estimator=ordered_estimator").model.components["estimator"]
    assert chosen.canonical == "toy.ordered_estimator"
