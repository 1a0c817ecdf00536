"""One arm with one seed (`Trial`), which is an ordinary run."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from objcentric.comparison.arm import Arm
from objcentric.recipe.recipe import Recipe
from objcentric.runs.run import Run
from objcentric.runs.run_lock import holder

GROUP = "OBJCENTRIC_GROUP"
"""The environment variable that tells a run its comparison and its arm."""


@dataclass(frozen=True)
class Trial:
    """One run of a comparison.

    Attributes:
        arm: an arm that is not refused.
        recipe: the arm's recipe, with this trial's seed.
        folder: the comparison's folder.
    """

    arm: Arm
    recipe: Recipe
    folder: Path

    @classmethod
    def of(cls, arm: Arm, recipe: Recipe, seed: int, folder: Path) -> "Trial":
        """The trial of an arm with one seed."""
        return cls(arm, replace(recipe, seed=seed), folder)

    @property
    def seed(self) -> int:
        return self.recipe.seed

    @property
    def name(self) -> str:
        """The trial's name for display."""
        return f"{self.arm.name}, seed {self.seed}"

    @cached_property
    def run(self) -> Run:
        """Its run folder."""
        return Run(self.folder / self.arm.folder / f"seed-{self.seed}", self.recipe)

    @property
    def log(self) -> Path:
        """The file that receives the output of its process."""
        return self.run.path.with_suffix(".log")

    @property
    def environment(self) -> dict[str, str]:
        """Variables for its process: trackers group runs by comparison and arm."""
        return {GROUP: f"{self.folder.name}/{self.arm.folder}"}

    def is_done(self) -> bool:
        """Whether the run has done all epochs, or has failed in a way that would repeat."""
        return self.run.is_finished() or self.run.summary().get("status") == "failed"

    def trained_elsewhere(self) -> str | None:
        """The process that is training it and was started by an earlier command; None if none is.

        Ask only while no process of this comparison trains it.
        """
        return None if self.is_done() else holder(self.run.path)

    def command(self, plugins: Sequence[Path]) -> list[str]:
        """The command that trains it in its own process, from its latest checkpoint if any.

        Args:
            plugins: single-file plugins.
        """
        files = [word for path in plugins for word in ("--plugin", str(path))]
        # -P: never import a Python file that happens to lie in the current folder.
        train = [sys.executable, "-P", "-m", "objcentric", "train"]
        if self.run.recipe_file.exists():
            return [*train, "--resume", str(self.run.path), *files]
        recipe = self.arm.recipe_file(self.folder)
        return [*train, str(recipe), f"seed={self.seed}", "--out", str(self.run.path), *files]
