"""The interface of metrics."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from jaxtyping import Float
from torch import Tensor

from objcentric.component import Component, snake_case
from objcentric.interfaces.scene_model import Ability, Inference, SceneModel
from objcentric.interfaces.scene_source import Truth, TruthName

Figure: TypeAlias = float | list[Any] | None
"""The value of a metric; None if it is not defined, for example without objects."""


@dataclass(frozen=True)
class Judged:
    """A batch of scenes with their truth and a model's inference.

    Attributes:
        model: the model in evaluation mode, for metrics that need more than `infer`.
        image: intensities in [0, 1].
        truth: what is known of the scenes, on the device of the images.
        inference: what the model finds in the images.
    """

    model: SceneModel
    image: Float[Tensor, "B C H W"]
    truth: Truth
    inference: Inference


class Metric(Component):
    """One figure by which models are judged.

    `measure` is called for every batch, the results are summed, and `figure` turns the total into
    the metric's value:

        class CountAccuracy(Metric):
            truth = frozenset({"counts"})
            abilities = frozenset({"presence"})

            def measure(self, judged):
                right = judged.inference.counts.round() == judged.truth.counts
                return {"right": right.sum(), "scenes": right.new_tensor(len(right), dtype=int)}

            def figure(self, total):
                return total["right"].item() / total["scenes"].item()

    Attributes:
        truth: what must be known of the scenes.
        abilities: what the model must be able to do.
        title: name for people, such as `count accuracy`.
        style: how the figure is written: as `percent` of 1, as a `number` with `digits` decimals,
            or as a `table` (a list, or a list of rows).
        digits: number of decimals.
        better: which direction is better; None if neither is.
        bounds: smallest and largest possible value.
        reference: the paper, or the library with which it agrees.
        customary: whether recipes that list no metrics include it, if truth and abilities allow.
        customary_goal: the goal of recipes that use this metric and set no goal; None for no goal.
    """

    truth: ClassVar[frozenset[TruthName]] = frozenset()
    abilities: ClassVar[frozenset[Ability]] = frozenset()
    title: ClassVar[str] = ""
    style: ClassVar[Literal["percent", "number", "table"]] = "number"
    digits: ClassVar[int] = 3
    better: ClassVar[Literal["higher", "lower"] | None] = None
    bounds: ClassVar[tuple[float, float]] = (float("-inf"), float("inf"))
    reference: ClassVar[str] = ""
    customary: ClassVar[bool] = False
    customary_goal: ClassVar[float | None] = None

    @property
    def key(self) -> str:
        """The metric's name in `metrics.jsonl`, `summary.json` and a recipe's goal."""
        return snake_case(type(self).__name__)

    @abstractmethod
    def measure(self, judged: Judged) -> dict[str, Tensor]:
        """The quantities to be summed over batches, by name; tensors on the batch's device."""

    @abstractmethod
    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        """The figure of all batches together. Totals are on the CPU."""

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Adds a batch to the total. Metrics that need every scene's value may concatenate."""
        return {name: total[name] + value for name, value in batch.items()}

    def while_training(
        self, presence: Float[Tensor, "B K"], truth: Truth
    ) -> Float[Tensor, " B"] | None:
        """The value of each image of a training batch, whose mean the epoch's line shows; None for
        a metric that needs more than the presence that training finds anyhow."""
        return None

    def show(self, figure: Figure) -> str:
        """A figure for a person; `–` where there is none."""
        if figure is None:
            return "–"
        if isinstance(figure, list):
            return ", ".join(self.show(part) for part in figure)
        if self.style == "percent":
            return f"{figure:.{max(self.digits - 2, 0)}%}"
        return f"{figure:,.{self.digits}f}"
