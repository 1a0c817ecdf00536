"""`objcentric.recipe.summary`: a recipe's own description, read without the rest."""

from pathlib import Path

import pytest

from objcentric.recipe.problem import RecipeError
from objcentric.recipe.reading import read_file
from objcentric.recipe.summary import description_of

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_description_is_that_of_the_whole_reader(path):
    node = read_file(path, []).at("description")
    assert node is not None
    assert description_of(path) == node.value


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("name: a\ndescription: Counts.\nmodel: [", "Counts."),  # what follows is not read
        ("model: {description: Not this.}\nother: [description, Not this.]\n", ""),
        ("model: {a: [1, 2]}\ndescription: Last.\n", "Last."),
        ("name: description\nother: Not this.\n", ""),
        ("description: [not, a, text]\n", ""),
        ("", ""),
    ],
)
def test_only_a_text_under_description_at_the_top_counts(tmp_path, text, description):
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    assert description_of(path) == description


def test_what_is_no_yaml_before_the_description_is_an_error_with_its_place(tmp_path):
    path = tmp_path / "torn.yaml"
    path.write_text("model: [\ndescription: Counts.\n")
    with pytest.raises(RecipeError, match=r"torn\.yaml:"):
        description_of(path)
