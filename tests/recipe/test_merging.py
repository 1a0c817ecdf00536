"""What a later recipe or override changes, and what it leaves."""

import pytest

from objcentric.recipe import Mark
from objcentric.recipe.merging import extend, override
from objcentric.recipe.reading import read_text


def read(text, file="base.yaml"):
    return read_text(text, Mark(file, 1, 1), [])


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ("{a: {b: 1, c: 2}}", "{a: {b: 3}}", {"a": {"b": 3, "c": 2}}),
        ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
        ("{a: {b: 1}}", "{a: 2}", {"a": 2}),
        ("{m: {use: x, n: 1}}", "{m: {n: 2}}", {"m": {"use": "x", "n": 2}}),
        ("{m: {use: x, n: 1}}", "{m: {use: y}}", {"m": {"use": "y"}}),
        ("{m: {use: x, n: 1}}", "{m: y}", {"m": "y"}),
        ("{m: {use: x, n: 1}}", "{m: x}", {"m": {"use": "x", "n": 1}}),
        ("{m: {use: p.x, n: 1}}", "{m: x}", {"m": {"use": "x", "n": 1}}),
        ("{m: {use: x, n: 1}}", "{m: {use: p.x, k: 2}}", {"m": {"use": "p.x", "n": 1, "k": 2}}),
        ("{m: {use: x, n: 1}}", "{m: ax}", {"m": "ax"}),
        ("{m: x}", "{m: {n: 1}}", {"m": {"use": "x", "n": 1}}),
        ("{m: x}", "{m: {use: y, n: 1}}", {"m": {"use": "y", "n": 1}}),
        ("{m: {n: 1}}", "{m: {use: y}}", {"m": {"use": "y"}}),
        ("{m: {use: x, n: 1}}", "{m: null}", {"m": None}),
    ],
)
def test_mappings_merge_and_another_component_starts_afresh(base, over, merged):
    assert override(read(base), read(over)).plain() == merged


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ("{use: x, lr: 1, n: 2}", "y", {"use": "y", "lr": 1}),
        ("{use: x, lr: 1, n: 2}", "{use: y, n: 3}", {"use": "y", "lr": 1, "n": 3}),
        ("{use: x, lr: 1}", "{use: y, lr: 2}", {"use": "y", "lr": 2}),
        ("{use: x, m: {use: z, lr: 1}}", "y", "y"),
        ("{use: x, m: {use: z, lr: 1}}", "{m: y}", {"use": "x", "m": {"use": "y", "lr": 1}}),
        ("{use: x, m: {lr: 1}}", "{m: y}", {"use": "x", "m": {"use": "y", "lr": 1}}),
        ("{use: x, lr: 1}", "null", None),
        ("x", "{lr: 1}", {"use": "x", "lr": 1}),
    ],
)
def test_a_learning_rate_stays_in_its_place(base, over, merged):
    found = override(read(f"{{model: {{p: {base}}}}}"), read(f"{{model: {{p: {over}}}}}"))
    assert found.plain() == {"model": {"p": merged}}


def test_only_the_model_has_places_with_learning_rates():
    merged = override(read("{scenes: {use: x, lr: 1}}"), read("{scenes: y}"))
    assert merged.plain() == {"scenes": "y"}


def test_a_merged_value_keeps_the_place_where_it_was_written():
    merged = override(read("{a: 1, b: 2}"), read("{b: 3}", "over.yaml"))
    assert merged.entries["a"].node.mark.file == "base.yaml"
    assert merged.entries["b"].node.mark.file == "over.yaml"


def test_name_and_description_are_not_inherited():
    merged = extend(read("{name: a, description: b, seed: 3}"), read("{name: c}"))
    assert merged.plain() == {"name": "c", "seed": 3}
