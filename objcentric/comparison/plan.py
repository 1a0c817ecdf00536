"""The plan of a comparison: its recipe, arms and seeds (`Plan`)."""

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
        source: the recipe, as the user names it.
        overrides: `KEY=VALUE`, applied to all arms.
        swaps: `KEY=VALUE,VALUE`.
        against: other recipes; each is an arm, unchanged.
        combine: whether arms are all combinations of swaps, instead of one swap at a time.
        seeds: number of seeds; every arm is trained with seeds 0 … seeds - 1.
        reference: the recipe with nothing swapped.
        arms: all arms, refused ones included.
        judgement: the metrics and the goal of all runs.
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
        """The command that makes this comparison, without its options --out and --plugin."""
        words = ["objcentric", "compare", self.source, *self.overrides]
        words += [word for swap in self.swaps for word in ("--swap", swap)]
        words += [word for other in self.against for word in ("--against", other)]
        words += ["--seeds", str(self.seeds)] + ["--all-combinations"] * self.combine
        return shlex.join(words)

    def trials(self, folder: Path) -> list[Trial]:
        """All trials, arm by arm.

        Args:
            folder: the comparison's folder.
        """
        return [
            Trial.of(arm, arm.recipe, seed, folder)
            for arm in self.arms
            if arm.recipe is not None
            for seed in range(self.seeds)
        ]

    def plain(self) -> dict[str, Any]:
        """The plan in JSON's own types; it does not depend on how the user names the recipe."""
        return {
            "recipe": self.reference.name,
            "mode": "all-combinations" if self.combine else "one-at-a-time",
            "seeds": self.seeds,
            "arms": {arm.name: _digest(arm.recipe) for arm in self.arms},
        }

    def difference(self, other: dict[str, Any]) -> str:
        """Where an earlier plan differs from this one, one line per difference."""
        mine = self.plain()
        lines = [
            f"{key}: {other.get(key)} in the folder, {mine[key]} requested"
            for key in ("recipe", "mode", "seeds")
            if mine[key] != other.get(key)
        ]
        asked, there = mine["arms"], other.get("arms", {})
        lines += [f"arm {name}: only requested" for name in asked if name not in there]
        lines += [f"arm {name}: only in the folder" for name in there if name not in asked]
        lines += [
            f"arm {name}: its resolved recipe is different"
            for name in asked
            if name in there and asked[name] != there[name]
        ]
        return "".join(f"\n  {line}" for line in lines)


def _digest(recipe: Recipe | None) -> str | None:
    """SHA-256 of a resolved recipe; None for one that is refused."""
    return None if recipe is None else hashlib.sha256(recipe.to_yaml().encode()).hexdigest()
