"""YAML becomes plain data that knows where it is."""

import pytest

from objcentric.recipe import Mark, Problem, RecipeError
from objcentric.recipe.reading import read_file, read_text


def read(text):
    problems: list[Problem] = []
    return read_text(text, Mark("f.yaml", 1, 1), problems), problems


def test_keys_and_values_know_their_line_and_column():
    node, _ = read("# note\na:\n  b: [1, xyz]\n")
    entry = node.entries["a"].node.entries["b"]
    assert entry.mark == Mark("f.yaml", 3, 3)
    assert entry.node.mark == Mark("f.yaml", 3, 6)
    assert entry.node.value[1].mark == Mark("f.yaml", 3, 10)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 1e-4),
        ("1E4", 1e4),
        ("1.0e-4", 1e-4),
        (".5", 0.5),
        ("-3", -3),
        ("012", 12),
        ("true", True),
        ("yes", "yes"),
        ("off", "off"),
        ("'1'", "1"),
        ("~", None),
        ("", None),
        ("2024-01-01", "2024-01-01"),
        ("32-true", "32-true"),
        ("[1, {a: b}]", [1, {"a": "b"}]),
    ],
)
def test_values_are_those_of_yaml_1_2(text, value):
    node, problems = read(f"v: {text}")
    found = node.plain()["v"]
    assert (found, type(found)) == (value, type(value))
    assert problems == []


def test_every_duplicate_key_is_reported_and_the_rest_is_read():
    node, problems = read("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert node.plain() == {"a": 1, "b": {"c": 1}}
    assert [(p.line, p.column, p.path) for p in problems] == [(2, 11, "b.c"), (3, 1, "a")]
    assert "first given in line 1" in problems[1].message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x", "aliases"),
        ("a: &x [*x]", "aliases"),
        ("b: !!python/name:os.system", "tags are not supported"),
        ("b: !mine 3", "tags are not supported"),
        ("? [1]\n: 2", "a key must be a word"),
    ],
)
def test_what_is_not_plain_data_is_refused(text, reason):
    _, problems = read(text)
    assert [reason in p.message for p in problems] == [True]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: [1", 1, 6), ("a: 1\nb: c: d", 2, 5), ("a: 1\n---\nb: 2", 2, 1), ("a: \0", 1, 1)],
)
def test_bad_yaml_is_one_problem_with_its_place(text, line, column):
    with pytest.raises(RecipeError) as error:
        read(text)
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.column) == ("f.yaml", line, column)
    assert problem.message.startswith("bad YAML")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"absent\.yaml: cannot be read: no such file"):
        read_file(tmp_path / "absent.yaml", [])


def test_a_file_that_is_not_text_is_named(tmp_path):
    (tmp_path / "image.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(RecipeError, match=r"image\.yaml: the file is not text"):
        read_file(tmp_path / "image.yaml", [])
