"""What is to be compared."""

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from objcentric.comparison.arm import Arm
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.trial import Trial
from objcentric.recipe.recipe import Recipe


@dataclass(frozen=True)
class Plan:
    """A comparison, before anything is trained.

    Attributes:
        source: the recipe, as the person names it.
        overrides: `KEY=VALUE`, of all arms.
        swaps: `KEY=VALUE,VALUE`.
        against: other recipes, each of which is an arm as it is.
        combine: whether arms are all combinations of swaps, rather than one swap at a time.
        seeds: how many; every arm is trained with each of 0 … seeds - 1.
        reference: the recipe with nothing swapped.
        arms: those that are refused included.
        judgement: what all runs are judged by.
    """

    source: str
    overrides: Sequence[str]
    swaps: Sequence[str]
    against: Sequence[str]
    combine: bool
    seeds: int
    reference: Recipe
    arms: Sequence[Arm]
    judgement: Judgement

    @property
    def command(self) -> str:
        """What to type for this comparison; where it goes and with which plugin files left out."""
        words = ["objcentric", "compare", self.source, *self.overrides]
        words += [word for swap in self.swaps for word in ("--swap", swap)]
        words += [word for other in self.against for word in ("--against", other)]
        words += ["--seeds", str(self.seeds)] + ["--all-combinations"] * self.combine
        return shlex.join(words)

    def trials(self, folder: Path) -> list[Trial]:
        """Every training, arm by arm.

        Args:
            folder: of the comparison.
        """
        return [
            Trial.of(arm, arm.recipe, seed, folder)
            for arm in self.arms
            if arm.recipe is not None
            for seed in range(self.seeds)
        ]

    def plain(self) -> dict[str, Any]:
        """The plan as JSON knows it, the same whatever the recipe is called by."""
        return {
            "recipe": self.reference.name,
            "mode": "all-combinations" if self.combine else "one-at-a-time",
            "seeds": self.seeds,
            "arms": {arm.name: _digest(arm.recipe) for arm in self.arms},
        }

    def difference(self, other: dict[str, Any]) -> str:
        """Where a plan noted earlier differs from this one, a line a difference."""
        mine = self.plain()
        lines = [
            f"{key}: {other.get(key)} there, {mine[key]} asked for"
            for key in ("recipe", "mode", "seeds")
            if mine[key] != other.get(key)
        ]
        asked, there = mine["arms"], other.get("arms", {})
        lines += [f"arm {name}: only asked for" for name in asked if name not in there]
        lines += [f"arm {name}: only there" for name in there if name not in asked]
        lines += [
            f"arm {name}: its resolved recipe is another"
            for name in asked
            if name in there and asked[name] != there[name]
        ]
        return "".join(f"\n  {line}" for line in lines)


def _digest(recipe: Recipe | None) -> str | None:
    """SHA-256 of a resolved recipe; None for one that is refused."""
    return None if recipe is None else hashlib.sha256(recipe.to_yaml().encode()).hexdigest()
