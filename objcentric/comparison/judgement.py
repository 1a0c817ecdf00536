"""What the runs of a comparison are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass

from objcentric.evaluation.evaluate import fitting
from objcentric.evaluation.target import Target
from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.recipe.recipe import Recipe


@dataclass(frozen=True)
class Judgement:
    """The reference recipe's metrics and goal, for every arm alike.

    Attributes:
        metrics: all that the reference is judged by.
        target: the goal, if the reference sets one.
    """

    metrics: Sequence[Metric]
    target: Target | None

    @classmethod
    def of(cls, reference: Recipe, model: SceneModel, scenes: Scenes) -> "Judgement":
        """By a recipe's own metrics and goal, as far as they suit its model and scenes."""
        metrics = fitting(reference.evaluation.build(), model, scenes)
        return cls(metrics, Target.of(reference.evaluation.goal, metrics))

    @property
    def headline(self) -> Metric | None:
        """The figure that arms are told apart by: the goal's, or the first that can be ranked."""
        if self.target is not None:
            return self.target.metric
        return next((metric for metric in self.ranked if metric.better is not None), None)

    @property
    def ranked(self) -> list[Metric]:
        """The metrics whose figures are single numbers."""
        return [metric for metric in self.metrics if metric.style != "table"]

    def shown(self, metric: Metric | None, figure: float | None) -> str:
        """A figure for a person; `–` where there is none."""
        return "–" if metric is None or figure is None else metric.show(figure)
