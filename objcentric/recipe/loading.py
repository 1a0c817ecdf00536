"""Reading a recipe from its file, the recipes that it extends, and the command line."""

from collections.abc import Sequence
from pathlib import Path

from objcentric.errors import ObjcentricError
from objcentric.recipe.locating import locate
from objcentric.recipe.merging import extend
from objcentric.recipe.node import Node
from objcentric.recipe.old_keys import in_new_form
from objcentric.recipe.overriding import apply_overrides
from objcentric.recipe.problem import Problem, RecipeError
from objcentric.recipe.reading import read_file
from objcentric.recipe.recipe import Recipe
from objcentric.recipe.resolver import Resolver
from objcentric.registry import Registry

LONGEST_CHAIN = 30
"""Recipes that extend each other, one after the other."""


def load_recipe(source: str | Path, overrides: Sequence[str], registry: Registry) -> Recipe:
    """Reads, merges, overrides and resolves a recipe; see `objcentric.recipe.load`."""
    path = locate(source, registry)
    problems: list[Problem] = []
    recipe = None
    try:
        root = _read(path, (), registry, problems)
        root = apply_overrides(root, overrides, problems)
        recipe = Resolver(registry, problems).recipe(root)
    except RecipeError as error:
        problems += error.problems
    if recipe is None:
        raise RecipeError(sorted(problems, key=_in_reading_order))
    return recipe


def _read(
    path: Path, children: tuple[Path, ...], registry: Registry, problems: list[Problem]
) -> Node:
    """Reads a file, merged over the recipe that it extends."""
    node = read_file(path, problems)
    if len(children) > LONGEST_CHAIN:
        message = f"more than {LONGEST_CHAIN} recipes extend each other"
        raise RecipeError([Problem(node.mark, "extends", message)])
    if not node.is_mapping:
        raise RecipeError([Problem(node.mark, "", "expected a recipe: keys and values")])
    node = in_new_form(node, problems)
    if "extends" not in node.entries:
        return node
    extends = node.entries["extends"].node
    own = {key: entry for key, entry in node.entries.items() if key != "extends"}
    parent = _parent(extends, path, (*children, path.resolve()), registry)
    return extend(
        _read(parent, (*children, path.resolve()), registry, problems), Node(node.mark, own)
    )


def _parent(extends: Node, path: Path, children: tuple[Path, ...], registry: Registry) -> Path:
    if not isinstance(extends.value, str):
        message = "expected the name or the path of one recipe"
        raise RecipeError([Problem(extends.mark, "extends", message)])
    try:
        parent = locate(extends.value, registry, path.parent)
    except ObjcentricError as error:
        raise RecipeError([Problem(extends.mark, "extends", str(error))]) from error
    if not parent.is_file():
        raise RecipeError([Problem(extends.mark, "extends", f"there is no file {parent}")])
    if parent.resolve() in children:
        message = f"{parent} extends this recipe, so this recipe would extend itself"
        raise RecipeError([Problem(extends.mark, "extends", message)])
    return parent


def _in_reading_order(problem: Problem) -> tuple[bool, str, int, int]:
    return (problem.line is None, problem.file, problem.line or 0, problem.column or 0)
