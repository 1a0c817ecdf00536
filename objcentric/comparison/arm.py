"""One variant of a recipe, among those that are compared."""

from dataclasses import dataclass
from pathlib import Path

from objcentric.comparison.change import Change
from objcentric.recipe.recipe import Recipe

REFERENCE = "reference"
"""The arm in which nothing is swapped."""


@dataclass(frozen=True)
class Arm:
    """A variant of a recipe.

    Attributes:
        name: for a person: `estimator=nvil, scheduler=lstm`.
        folder: its name, as a file system takes it.
        changes: what is swapped; nothing in the reference and in another recipe.
        recipe: resolved, with seed 0; None if the variant is refused.
        refusal: why; empty if it is not.
    """

    name: str
    folder: str
    changes: tuple[Change, ...]
    recipe: Recipe | None
    refusal: str = ""

    def recipe_file(self, folder: Path) -> Path:
        """The resolved recipe, which all its trials are trained from.

        Args:
            folder: of the comparison.
        """
        return folder / self.folder / "arm.yaml"
