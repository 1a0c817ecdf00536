"""A recipe's own description (`description_of`)."""

from pathlib import Path

from objcentric.recipe.reading import read_file


def description_of(path: Path) -> str:
    """The description in a recipe file; empty if it has none. Nothing else in it is checked.

    Raises:
        RecipeError: the file cannot be read.
    """
    node = read_file(path, []).at("description")
    return str(node.value) if node is not None else ""
