"""Drawings of several groups of runs: every seed (`Strips`), and learning curves."""

from collections.abc import Sequence
from dataclasses import dataclass

from objcentric.evaluation.target import Target
from objcentric.interfaces import Metric
from objcentric.pictures.learning_curves import median_curve
from objcentric.report.groups import Group
from objcentric.report.line_chart import LineChart, Series
from objcentric.report.run_charts import points, tick

DOT = 6.5
"""Width of a dot on a small screen, as a share of the axis in percent."""


@dataclass(frozen=True)
class Dot:
    """A run.

    Attributes:
        seed: its seed.
        text: its figure in words.
        at: its place from 0 (left) to 100 (right).
        lane: how many dots lie below it, because they are at its place.
    """

    seed: int
    text: str
    at: float
    lane: int


@dataclass(frozen=True)
class Strip:
    """A group: its runs, and where and what their median is."""

    name: str
    dots: tuple[Dot, ...]
    median: float | None
    text: str

    @property
    def lanes(self) -> int:
        """How many dots lie above each other, at least 1."""
        return 1 + max((dot.lane for dot in self.dots), default=0)


@dataclass(frozen=True)
class Strips:
    """The headline figure of every run on test scenes.

    Attributes:
        title: what the figure is.
        strips: the groups.
        ticks: places on the axis and what they say.
    """

    title: str
    strips: tuple[Strip, ...]
    ticks: tuple[tuple[float, str], ...]


def strips(groups: Sequence[Group], metric: Metric) -> Strips | None:
    """Every run's figure; None if no run has it."""
    key = metric.key
    values = [v for g in groups for m in g.members if (v := m.test.get(key)) is not None]
    if not values:
        return None
    low, high = min(values), max(values)
    width = (high - low) or 1.0
    write = tick(metric)

    def at(value: float) -> float:
        return round(100 * (value - low) / width, 2) if high > low else 50.0

    rows = []
    for group in groups:
        known = [m for m in group.members if m.test.get(key) is not None]
        places = [at(m.test[key]) for m in known]
        dots = tuple(
            Dot(m.run.recipe.seed, metric.show(m.test[key]), place, lane)
            for m, place, lane in zip(known, places, _lanes(places), strict=True)
        )
        middle = group.median(key)
        text = "no run has finished" if middle is None else f"median {metric.show(middle)}"
        rows.append(Strip(group.name, dots, None if middle is None else at(middle), text))
    shown = [low, (low + high) / 2, high] if high > low else [low]
    ticks = tuple((at(value), write(float(f"{value:.4g}"))) for value in shown)
    return Strips(f"{metric.title} on test scenes", tuple(rows), ticks)


def _lanes(places: Sequence[float]) -> list[int]:
    """For each dot the lowest lane in which it covers no dot before it."""
    lanes: list[int] = []
    for place in places:
        near = {
            lane for lane, other in zip(lanes, places, strict=False) if abs(other - place) < DOT
        }
        lanes.append(next(lane for lane in range(len(places)) if lane not in near))
    return lanes


def group_charts(
    groups: Sequence[Group], metric: Metric | None, target: Target | None
) -> tuple[LineChart, ...]:
    """The headline figure on validation scenes and the loss, over images seen.

    Each run is a thin line, each group's median a thick one.
    """
    charts = []
    if metric is not None:
        goal = target.goal.threshold if target is not None and target.metric is metric else None
        charts.append(
            LineChart.of(
                f"{metric.title}, validation",
                _series(groups, "validation", metric.key),
                x_label="images seen",
                show=metric.show,
                show_tick=tick(metric),
                show_x=thousands,
                goal=goal,
                bounds=metric.bounds,
            )
        )
    charts.append(
        LineChart.of(
            "loss, training",
            _series(groups, "train", "loss"),
            x_label="images seen",
            show="{:,.4g}".format,
            show_x=thousands,
        )
    )
    return tuple(chart for chart in charts if chart is not None)


def thousands(value: float) -> str:
    """A large number in thousands or millions: `20k`, `1.5M`."""
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e3 else f"{value:g}"


def _series(groups: Sequence[Group], split: str, key: str) -> list[Series]:
    thin, thick = [], []
    for number, group in enumerate(groups):
        curves = [
            [(int(x), y) for x, y in points(member.lines, split, key, over="images")]
            for member in group.members
        ]
        if len(curves) > 1:
            thin += [Series("", curve, number, is_thin=True) for curve in curves]
        thick.append(Series(group.name, median_curve(curves), number))
    return [*thin, *thick]
