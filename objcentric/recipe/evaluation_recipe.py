"""The evaluation section of a recipe: metrics and a goal (`EvaluationRecipe`)."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from objcentric.interfaces import Metric
from objcentric.recipe.component_choice import ComponentChoice


@dataclass(frozen=True)
class Goal:
    """The figure that a run should reach.

    Attributes:
        metric: key of the metric.
        threshold: the figure at which the goal is reached.
        direction: whether the figure must be at least or at most the threshold.
    """

    metric: str
    threshold: float
    direction: Literal["at_least", "at_most"] = "at_least"

    @classmethod
    def customary(cls, metric: Metric) -> "Goal | None":
        """The default goal of a metric, for recipes without a goal; None if it has none."""
        if metric.customary_goal is None:
            return None
        direction: Literal["at_least", "at_most"] = (
            "at_most" if metric.better == "lower" else "at_least"
        )
        return cls(metric.key, metric.customary_goal, direction)

    def reached(self, figure: float | None) -> bool:
        """Whether a figure reaches the goal; None does not."""
        if figure is None:
            return False
        return (
            figure >= self.threshold if self.direction == "at_least" else figure <= self.threshold
        )

    def plain(self) -> dict[str, Any]:
        """The goal as a recipe writes it: `{metric: count_accuracy, at_least: 0.98}`."""
        return {"metric": self.metric, self.direction: self.threshold}


@dataclass(frozen=True)
class EvaluationRecipe:
    """The metrics and the goal of a recipe.

    Attributes:
        metrics: the metrics, in the order of the recipe; in order of name if it lists none.
        automatic: whether the recipe lists no metrics. Then these are the customary ones, and
            those that do not apply to the model or its scenes are left out.
        goal: the goal; None if there is none.
    """

    metrics: tuple[ComponentChoice, ...]
    automatic: bool
    goal: Goal | None

    def build(self) -> list[Metric]:
        """Builds the metrics.

        Raises:
            RecipeError: a constructor refuses its options.
        """
        return [cast(Metric, choice.build(None, 0)) for choice in self.metrics]

    def plain(self) -> dict[str, Any]:
        """The section as a recipe writes it."""
        listed = "auto" if self.automatic else [choice.plain() for choice in self.metrics]
        return {"metrics": listed, "goal": None if self.goal is None else self.goal.plain()}
