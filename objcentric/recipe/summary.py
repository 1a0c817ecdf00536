"""A recipe's own description (`description_of`)."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent

from objcentric.recipe.problem import Mark
from objcentric.recipe.reading import text_of, yaml_errors


def description_of(path: Path) -> str:
    """The description in a recipe file; empty if it has none.

    The file is read up to there and no further: all recipes are listed in a fraction of a second.

    Raises:
        RecipeError: the file cannot be read, or is not YAML as far as it is read.
    """
    text = text_of(path)
    with yaml_errors(Mark(str(path), 1, 1), ""):
        depth, key = 0, None
        for event in YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, CollectionEndEvent):
                depth -= 1
            if depth == 1 and isinstance(event, NodeEvent):  # by turns a key and its value
                word = event.value if isinstance(event, ScalarEvent) else ""
                if key == "description":
                    return str(word)
                key = word if key is None else None
            if isinstance(event, CollectionStartEvent):
                depth += 1
    return ""
