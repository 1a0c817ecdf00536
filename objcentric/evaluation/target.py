"""A goal together with the metric that it sets a threshold for (`Target`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from objcentric.interfaces import Metric
from objcentric.recipe.evaluation_recipe import Goal


@dataclass(frozen=True)
class Target:
    """A recipe's goal, with its metric.

    Attributes:
        metric: what is measured.
        goal: the threshold to reach.
    """

    metric: Metric
    goal: Goal

    @classmethod
    def of(cls, goal: Goal | None, metrics: Sequence[Metric]) -> "Target | None":
        """The target of a recipe; None if it sets no goal or the goal's metric does not apply."""
        found = [metric for metric in metrics if goal is not None and metric.key == goal.metric]
        return cls(found[0], goal) if goal is not None and found else None

    @property
    def label(self) -> str:
        """The target in keys of a summary: `98_percent`, `fg_ari_0.95`."""
        mark = self.goal.threshold
        if self.metric.style == "percent":
            return f"{100 * mark:g}_percent"
        return f"{self.metric.key}_{mark:g}"

    @property
    def mark(self) -> str:
        """The threshold for display: `≥ 98%`."""
        percent = self.metric.style == "percent"
        shown = f"{100 * self.goal.threshold:g}%" if percent else f"{self.goal.threshold:g}"
        return f"{'≥' if self.goal.direction == 'at_least' else '≤'} {shown}"

    def reached_by(self, figures: Mapping[str, Any]) -> bool:
        """Whether an evaluation's figures reach the goal; a missing figure does not."""
        return self.goal.reached(figures.get(self.metric.key))

    def first_reached(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        """The first epoch whose validation figures reach the goal.

        Args:
            lines: the lines of `metrics.jsonl`.
        """
        good = (line for line in lines if self.reached_by(line.get("validation", {})))
        return next(good, None)
