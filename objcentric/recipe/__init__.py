"""Recipes: one YAML file, one experiment."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from objcentric.recipe.problem import Mark, Problem, RecipeError
from objcentric.registry import Registry

if TYPE_CHECKING:
    from objcentric.recipe.recipe import Recipe

__all__ = ["Mark", "Problem", "RecipeError", "load"]


def load(
    source: str | Path, overrides: Sequence[str] = (), registry: Registry | None = None
) -> "Recipe":
    """Reads a recipe and checks it completely.

    Args:
        source: a shipped recipe's name, or the path of a `.yaml` file.
        overrides: `path.to.value=YAML`, applied in order.
        registry: where names are looked up; by default all installed plugins.

    Raises:
        RecipeError: the recipe has mistakes; the error lists all of them.
        ObjcentricError: no shipped recipe has that name.
    """
    from objcentric.recipe.loading import load_recipe  # imports torch; listing recipes must not

    return load_recipe(source, overrides, registry or Registry.discover())
