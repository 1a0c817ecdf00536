"""Learning rates beside `use`, and in the old place, `training.lr_of`."""

import pytest

from objcentric.recipe import Mark, Problem, RecipeError, load
from objcentric.recipe.old_keys import in_new_form
from objcentric.recipe.reading import read_text
from objcentric.registry import Registry


def moved(text):
    problems: list[Problem] = []
    return in_new_form(read_text(text, Mark("r.yaml", 1, 1), problems), problems), problems


def problem(toy, *overrides):
    with pytest.raises(RecipeError) as error:
        toy(*overrides)
    (found,) = error.value.problems
    return str(found)


def test_a_learning_rate_stands_beside_use(toy):
    recipe = toy("model.encoder.lr=0.25")
    assert recipe.model.rates == {"encoder": 0.25, "estimator.baseline": 1e-2}
    assert "lr" not in recipe.model.components["encoder"].options
    assert "baseline: {use: toy.toy_baseline, lr: 0.01, width: 7}" in recipe.to_yaml()


def test_only_what_has_a_learning_rate_of_its_own_writes_one(toy):
    assert "lr" not in toy().plain()["model"]["prior"]
    assert toy("model.estimator.baseline.lr=null").model.rates == {}


def test_another_component_keeps_the_learning_rate_of_its_place(toy):
    assert toy("model.encoder.lr=0.25", "model.encoder.use=toy_encoder").model.rates["encoder"]
    recipe = toy("model.estimator.lr=0.5", "model.estimator=ordered_estimator")
    assert recipe.model.rates == {"estimator": 0.5}


def test_a_learning_rate_inside_a_replaced_component_is_gone(toy):
    assert toy("model.estimator=ordered_estimator").model.rates == {}
    assert toy("model.estimator.baseline=null").model.rates == {}


def test_a_whole_model_has_a_learning_rate_by_the_empty_path(toy):
    assert toy("model={use: toy_model, lr: 0.5}").model.rates == {"": 0.5}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("model.encoder.lr=0", "model.encoder.lr: expected greater than 0, got 0"),
        ("model.encoder.lr=fast", 'model.encoder.lr: expected a valid number, got "fast"'),
        ("scenes.lr=0.1", "scenes.lr: unknown key 'lr'"),
        ("model.lr=0.1", "model.lr: unknown key 'lr'"),
        ("training.lr_of.estimator.basline=0.1", "model.estimator.basline: unknown key 'basline';"),
        ("training.lr_of=0.1", "training.lr_of: expected learning rates by component, got 0.1"),
    ],
)
def test_a_learning_rate_that_cannot_be_is_refused(toy, override, message):
    assert problem(toy, override).startswith(f"command line: {message}")


@pytest.mark.parametrize(
    "override",
    [
        "training.lr_of.estimator.baseline=0.5",
        "training.lr_of={estimator.baseline: 0.5}",
        "training={lr_of: {estimator.baseline: 0.5}}",
    ],
)
def test_the_old_key_is_read_from_the_command_line(toy, override):
    assert toy(override).model.rates == {"estimator.baseline": 0.5}


def test_the_old_key_is_read_from_every_file(write, registry):
    write("toy.yaml")
    write("child.yaml", "name: c\nextends: toy.yaml\ntraining: {lr_of: {prior: 0.5}, epochs: 3}\n")
    recipe = load("child.yaml", (), registry)
    assert recipe.model.rates == {"estimator.baseline": 1e-2, "prior": 0.5}
    assert recipe.training.epochs == 3


def test_an_old_key_moves_to_its_component_however_that_is_written():
    text = "{model: {a: x, b: {use: y}}, training: {lr_of: {a: 1, b: 2, b.c: 3, d: 4}}}"
    root, problems = moved(text)
    assert root.plain() == {
        "model": {
            "a": {"use": "x", "lr": 1},
            "b": {"use": "y", "lr": 2, "c": {"lr": 3}},
            "d": {"lr": 4},
        },
        "training": {},
    }
    assert problems == []


def test_an_old_key_keeps_its_marks_and_leaves_those_of_its_component():
    root, _ = moved("model:\n  a: {use: x}\ntraining:\n  lr_of: {a: 1}\n")
    assert root.at("model", "a").mark == Mark("r.yaml", 2, 6)
    rate = root.at("model", "a").entries["lr"]
    assert (rate.mark, rate.node.mark) == (Mark("r.yaml", 4, 11), Mark("r.yaml", 4, 14))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("{a: {use: x, lr: 2}}", "model.a.lr is also given; write learning rates as `lr` there"),
        ("{a: null}", "model.a is no component; write learning rates as `lr` there"),
    ],
)
def test_an_old_key_that_has_no_place_to_go_is_refused(model, message):
    _, problems = moved(f"{{model: {model}, training: {{lr_of: {{a: 1}}}}}}")
    assert [str(p).rpartition("training.lr_of: ")[2] for p in problems] == [message]


def test_swapping_the_estimator_of_air_keeps_its_learning_rate():
    recipe = load("air-multi-mnist", ["model.estimator=nvil"], Registry.discover())
    assert recipe.model.rates == {"estimator": 1e-2}


def test_the_recipe_of_an_old_run_folder_loads(write, toy, registry):
    text = toy().to_yaml().replace("lr: 0.01, ", "")
    old = text.replace("lr: 0.0001,", "lr: 0.0001, lr_of: {estimator.baseline: 0.01},")
    assert "lr_of" in old
    assert load(write("old.yaml", old), (), registry) == toy()


def test_the_old_key_is_read_with_a_note_that_names_the_new_one(caplog):
    moved("model:\n  a: {use: x}\ntraining:\n  lr_of: {a: 1}\n")
    (record,) = caplog.records
    assert (
        record.getMessage() == "note: r.yaml:4:10: training.lr_of is an old key; write model.a.lr"
    )
