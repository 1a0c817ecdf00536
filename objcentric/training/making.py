"""Making the scenes of a training (`all_scenes`)."""

from typing import get_args

from objcentric.interfaces import Scenes, Split
from objcentric.recipe.recipe import Recipe
from objcentric.waiting import waiting


def all_scenes(recipe: Recipe, *, quiet: bool = False) -> dict[Split, Scenes]:
    """The scenes of a recipe by split, with progress if that takes long.

    Raises:
        DataUnavailable: data is missing and may not be downloaded.
    """
    source = recipe.build_source()
    found: dict[Split, Scenes] = {}
    for split in get_args(Split):
        with waiting(f"Making {split} scenes", quiet=quiet):
            found[split] = source.scenes(split)
    return found
