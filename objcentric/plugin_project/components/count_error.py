"""A metric of miscounted objects (`CountError`)."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Ability, Judged, Metric, Truth, TruthName


class CountError(Metric):
    """Mean absolute difference between the found and the true number of objects."""

    truth: ClassVar[frozenset[TruthName]] = frozenset({"counts"})
    abilities: ClassVar[frozenset[Ability]] = frozenset({"presence"})
    title: ClassVar[str] = "count error"
    better: ClassVar[Literal["higher", "lower"] | None] = "lower"
    bounds: ClassVar[tuple[float, float]] = (0.0, float("inf"))

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        errors = _errors(judged.inference.counts, judged.truth)
        return {"error": errors.sum(), "scenes": errors.new_tensor(len(errors))}

    def figure(self, total: Mapping[str, Tensor]) -> float:
        return float(total["error"] / total["scenes"])

    def while_training(self, presence: Float[Tensor, "B K"], truth: Truth) -> Float[Tensor, " B"]:
        return _errors(presence.sum(-1), truth)


def _errors(found: Float[Tensor, " B"], truth: Truth) -> Float[Tensor, " B"]:
    assert truth.counts is not None  # the metric declares that it needs them
    return (found - truth.counts).abs()
