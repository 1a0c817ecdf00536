"""A run's figures with their definitions, and its tables (`FigureRow`, `MatrixView`)."""

import inspect
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from objcentric.interfaces import Metric


@dataclass(frozen=True)
class FigureRow:
    """One metric's figures.

    Attributes:
        title: the metric's name.
        key: its name in the run's files.
        validation: its figure on validation scenes, in words.
        test: its figure on test scenes, in words.
        better: which way is better, in words; may be empty.
        is_headline: whether it stands for the run.
    """

    title: str
    key: str
    validation: str
    test: str
    better: str
    is_headline: bool


@dataclass(frozen=True)
class Definition:
    """What a metric is.

    Attributes:
        title: the metric's name.
        text: its definition, paragraph by paragraph.
        range: smallest and largest value.
        reference: where it comes from; may be empty.
    """

    title: str
    text: tuple[str, ...]
    range: str
    reference: str


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: what it says, its share of the row, and whether it is a right answer."""

    text: str
    share: float
    is_right: bool


@dataclass(frozen=True)
class MatrixView:
    """A figure that is a matrix.

    Attributes:
        title: the metric's name.
        split: the scenes that it is of.
        columns: how many columns there are.
        rows: the cells.
    """

    title: str
    split: str
    columns: int
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def has_right(self) -> bool:
        """Whether some of its cells are right answers."""
        return any(cell.is_right for row in self.rows for cell in row)


def figure_rows(
    metrics: Sequence[Metric],
    validation: Mapping[str, Any],
    test: Mapping[str, Any],
    headline: Metric | None,
) -> tuple[FigureRow, ...]:
    """The rows of all metrics that are no matrices, the headline first."""
    flat = [m for m in metrics if not any(_is_matrix(f.get(m.key)) for f in (validation, test))]
    flat.sort(key=lambda metric: metric is not headline)
    return tuple(
        FigureRow(
            m.title,
            m.key,
            m.show(validation[m.key]) if m.key in validation else "–",
            m.show(test[m.key]) if m.key in test else "–",
            "" if m.better is None else f"{m.better} is better",
            m is headline,
        )
        for m in flat
    )


def matrices(
    metrics: Sequence[Metric], figures: Mapping[str, Any], split: str
) -> tuple[MatrixView, ...]:
    """The figures that are matrices, for example numbers of scenes by true and found count.

    Args:
        metrics: the metrics.
        figures: figures by key.
        split: the scenes that they are of.
    """
    return tuple(
        MatrixView(
            metric.title,
            split,
            len(figures[metric.key][0]),
            tuple(_cells(metric, row, number) for number, row in enumerate(figures[metric.key])),
        )
        for metric in metrics
        if _is_matrix(figures.get(metric.key))
    )


def definitions(metrics: Sequence[Metric]) -> tuple[Definition, ...]:
    """What each metric is, from its docstring, without the example for programmers."""
    return tuple(
        Definition(m.title, _paragraphs(type(m)), _range(m.bounds), m.reference) for m in metrics
    )


def _is_matrix(figure: Any) -> bool:
    return isinstance(figure, list) and bool(figure) and isinstance(figure[0], list)


def _cells(metric: Metric, row: Sequence[Any], number: int) -> tuple[Cell, ...]:
    known = [abs(value) for value in row if isinstance(value, (int, float))]
    whole = sum(known) or 1
    return tuple(
        Cell(
            f"{value:,}" if isinstance(value, int) else metric.show(value),
            abs(value) / whole if isinstance(value, (int, float)) else 0.0,
            column == number and metric.truth == {"counts"},
        )
        for column, value in enumerate(row)
    )


def _paragraphs(metric: type[Metric]) -> tuple[str, ...]:
    """A docstring's paragraphs up to its first section or block of code."""
    found = []
    for paragraph in (inspect.getdoc(metric) or "").split("\n\n"):
        if re.match(r"(Args|Attributes|Raises):|\s", paragraph):
            break
        found.append(" ".join(paragraph.split()))
    return tuple(found)


def _range(bounds: tuple[float, float]) -> str:
    low, high = ("∞" if math.isinf(b) else f"{b:g}" for b in bounds)
    opening = "(-" if math.isinf(bounds[0]) else "["
    return f"{opening}{low}, {high}{')' if math.isinf(bounds[1]) else ']'}"
