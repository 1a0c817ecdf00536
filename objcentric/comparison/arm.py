"""One variant of a recipe in a comparison (`Arm`)."""

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
        name: for display: `estimator=nvil, scheduler=lstm`.
        folder: name of its folder, valid on every file system.
        changes: what is swapped; empty for the reference and for another recipe.
        recipe: the resolved recipe, with seed 0; None if the variant is refused.
        refusal: why the variant is refused; empty if it is not.
    """

    name: str
    folder: str
    changes: tuple[Change, ...]
    recipe: Recipe | None
    refusal: str = ""

    def recipe_file(self, folder: Path) -> Path:
        """The file of the resolved recipe, which all trials of the arm use.

        Args:
            folder: the comparison's folder.
        """
        return folder / self.folder / "arm.yaml"
