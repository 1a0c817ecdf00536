"""The interface of judgement."""

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
"""What a metric comes to; None where it is not defined (no objects, say)."""


@dataclass(frozen=True)
class Judged:
    """A batch of scenes: what is true of them, and what a model says.

    Attributes:
        model: in evaluation mode; for metrics that ask it more than `infer`.
        image: intensities in [0, 1].
        truth: what is known of the scenes, on the device of the images.
        inference: what the model finds.
    """

    model: SceneModel
    image: Float[Tensor, "B C H W"]
    truth: Truth
    inference: Inference


class Metric(Component):
    """One figure that a model is judged by.

    Every batch is measured, what was measured is added up, and the total comes to a figure:

        class CountAccuracy(Metric):
            truth = frozenset({"counts"})
            abilities = frozenset({"presence"})

            def measure(self, judged):
                right = judged.inference.counts.round() == judged.truth.counts
                return {"right": right.sum(), "scenes": right.new_tensor(len(right), dtype=int)}

            def figure(self, total):
                return total["right"].item() / total["scenes"].item()

    Attributes:
        truth: what has to be known of the scenes.
        abilities: what the model has to be able to do.
        title: for people: `count accuracy`.
        style: how a figure is written: `percent` of 1, a `number` with `digits` decimals, or a
            `table` (a list, or a list of rows).
        digits: decimals.
        better: which direction is better; None for what is neither.
        bounds: smallest and largest value there can be.
        reference: the paper, or the library that it agrees with.
        customary: whether a recipe that lists no metrics gets it, where truth and abilities allow.
        customary_goal: what a recipe that sets no goal is held to, if it is judged by this metric.
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
        """Its name in `metrics.jsonl`, `summary.json` and a recipe's goal."""
        return snake_case(type(self).__name__)

    @abstractmethod
    def measure(self, judged: Judged) -> dict[str, Tensor]:
        """What is added up over batches, by name; tensors on the batch's device."""

    @abstractmethod
    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        """The figure that all batches together come to. Totals are on the CPU."""

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Adds a batch to the total; a metric that needs every scene's value may join them."""
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
