"""What a recipe says of itself."""

from pathlib import Path

from objcentric.recipe.reading import read_file


def description_of(path: Path) -> str:
    """A recipe's own description, without looking at the rest of it; empty if it has none.

    Raises:
        RecipeError: the file cannot be read.
    """
    node = read_file(path, []).at("description")
    return str(node.value) if node is not None else ""
