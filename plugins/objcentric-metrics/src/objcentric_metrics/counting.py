"""Metrics of the number of objects found: `CountAccuracy`, `Confusion`, `SlotUsage`."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Figure, Judged, Metric, Truth
from objcentric_metrics.means import mean_figure, mean_measure
from objcentric_metrics.truths import counts_of, most_objects


class CountAccuracy(Metric):
    """Share of scenes in which the model finds the right number of objects.

    If the model finds 0, 1, 2 and 2 objects in scenes of 0, 1, 1 and 2, the figure is 75%.
    """

    truth = frozenset({"counts"})
    abilities = frozenset({"presence"})
    title = "count accuracy"
    style = "percent"
    digits = 4
    better = "higher"
    bounds = (0.0, 1.0)
    reference = "Eslami et al. 2016, arXiv:1603.08575, section 4.1"
    customary = True
    customary_goal = 0.98

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        return mean_measure(_right(judged.inference.presence, judged.truth))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)

    def while_training(
        self, presence: Float[Tensor, "B K"], truth: Truth
    ) -> Float[Tensor, " B"] | None:
        return _right(presence, truth)


class Confusion(Metric):
    """Confusion matrix: number of scenes by true count (rows) and found count (columns).

    Rows are 0…M. Where boxes are known, M is the number of objects that a scene can hold; otherwise
    it is the largest count. Columns are 0…K for K slots. For example, a model that never finds a
    third object has only zeros in the last column.
    """

    truth = frozenset({"counts"})
    abilities = frozenset({"presence"})
    title = "scenes by true (rows) and found (columns) count"
    style = "table"
    digits = 0
    bounds = (0.0, float("inf"))
    reference = "scikit-learn, confusion_matrix"
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        true = counts_of(judged.truth).long()
        found = judged.inference.counts.round().long()
        rows, columns = most_objects(judged.truth) + 1, judged.inference.presence.shape[1] + 1
        cell = true * columns + found
        table = torch.bincount(cell, minlength=rows * columns)
        return {"scenes": table.unflatten(0, (rows, columns))}

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        rows = max(len(total["scenes"]), len(batch["scenes"]))
        return {"scenes": _with_rows(total["scenes"], rows) + _with_rows(batch["scenes"], rows)}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return total["scenes"].tolist()

    def show(self, figure: Figure) -> str:
        """Rows separated by `|`: `8, 0, 0 | 8, 0, 0 | 0, 0, 8`."""
        if not isinstance(figure, list):
            return super().show(figure)
        return " | ".join(", ".join(f"{scenes:,}" for scenes in row) for row in figure)


class SlotUsage(Metric):
    """Share of scenes in which each slot holds an object: one figure for each of the K slots."""

    abilities = frozenset({"presence"})
    title = "use of each slot"
    style = "table"
    digits = 3
    bounds = (0.0, 1.0)
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        presence = judged.inference.presence.double()
        return {"present": presence.sum(0), "scenes": presence.new_tensor(len(presence))}

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return (total["present"] / total["scenes"]).tolist()

    def show(self, figure: Figure) -> str:
        """A percentage for each slot: `80.1%, 40.0%, 9.8%`."""
        if not isinstance(figure, list):
            return super().show(figure)
        return ", ".join(f"{share:.1%}" for share in figure)


def _right(presence: Float[Tensor, "B K"], truth: Truth) -> Float[Tensor, " B"]:
    return (presence.sum(-1).round() == counts_of(truth)).to(presence.dtype)


def _with_rows(table: Int[Tensor, "rows columns"], rows: int) -> Int[Tensor, "more columns"]:
    return F.pad(table, (0, 0, 0, rows - len(table)))
