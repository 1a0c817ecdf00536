"""The metrics and the goal of a comparison (`Judgement`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from objcentric.evaluation.evaluate import fitting
from objcentric.evaluation.target import Target
from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.recipe.recipe import Recipe


@dataclass(frozen=True)
class Judgement:
    """The reference recipe's metrics and goal, which are the same for every arm.

    Attributes:
        metrics: all metrics of the reference.
        target: the goal, if the reference sets one.
    """

    metrics: Sequence[Metric]
    target: Target | None

    @classmethod
    def of(cls, reference: Recipe, model: SceneModel, scenes: Scenes) -> "Judgement":
        """A recipe's metrics and goal, as far as they suit its model and scenes."""
        metrics = fitting(reference.evaluation.build(), model, scenes)
        return cls(metrics, Target.of(reference.evaluation.goal, metrics))

    @property
    def headline(self) -> Metric | None:
        """The metric that ranks the arms: the goal's, or the first with a better direction."""
        if self.target is not None:
            return self.target.metric
        return next((metric for metric in self.ranked if metric.better is not None), None)

    @property
    def ranked(self) -> list[Metric]:
        """The metrics whose figures are single numbers."""
        return [metric for metric in self.metrics if metric.style != "table"]

    def shown(self, metric: Metric | None, figure: float | None) -> str:
        """A figure for display; `–` if there is none."""
        return "–" if metric is None or figure is None else metric.show(figure)
