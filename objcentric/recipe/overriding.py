"""Overrides `KEY=VALUE` from the command line (`apply_overrides`)."""

from collections.abc import Sequence

from objcentric.names import shortened
from objcentric.recipe.merging import override
from objcentric.recipe.node import Entry, Node
from objcentric.recipe.old_keys import in_new_form
from objcentric.recipe.problem import COMMAND_LINE, Mark, Problem, RecipeError
from objcentric.recipe.reading import DEEPEST, read_text

_MARK = Mark(COMMAND_LINE)


def apply_overrides(recipe: Node, overrides: Sequence[str], problems: list[Problem]) -> Node:
    """Applies overrides to a recipe, one after the other.

    Args:
        recipe: the recipe to change.
        overrides: `path.to.value=YAML`.
        problems: list to which problems are added.
    """
    for text in overrides:
        path, equals, value = text.partition("=")
        keys = path.split(".")
        if not equals or not all(keys):
            example = "expected KEY=VALUE, for example training.epochs=3"
            problems.append(Problem(_MARK, "", f"{example}; got {shortened(repr(text))}"))
            continue
        if len(keys) > DEEPEST:
            problems.append(Problem(_MARK, path, f"nested more than {DEEPEST} levels deep"))
            continue
        try:
            node = read_text(value, _MARK, problems, path)
        except RecipeError as error:
            problems += error.problems
            continue
        for key in reversed(keys):
            node = Node(_MARK, {key: Entry(_MARK, node)})
        recipe = override(recipe, in_new_form(node, problems))
    return recipe
