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
        folder: its name, as a file system takes it.
        changes: what is swapped.
        recipe: resolved, with seed 0; None if the variant is refused.
        refusal: why; empty if it is not.
    """

    folder: str
    changes: tuple[Change, ...]
    recipe: Recipe | None
    refusal: str = ""

    @property
    def name(self) -> str:
        """For a person: `estimator=nvil, scheduler=lstm`."""
        return ", ".join(change.label for change in self.changes) or REFERENCE

    def recipe_file(self, folder: Path) -> Path:
        """The resolved recipe, which all its trials are trained from.

        Args:
            folder: of the comparison.
        """
        return folder / self.folder / "arm.yaml"
