"""The geometry of a line chart, which a template draws as SVG (`LineChart`)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from objcentric.report.colors import line_color, line_dash

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 12, 34

Points = Sequence[tuple[float, float]]
"""Points (x, y), in order of x."""


@dataclass(frozen=True)
class Series:
    """A line of a chart, in its data.

    Attributes:
        name: its name in the legend; empty for none.
        points: its points.
        number: decides colour and dashes; lines of one number belong together.
        is_thin: whether it is one of many.
    """

    name: str
    points: Points
    number: int
    is_thin: bool = False


@dataclass(frozen=True)
class Tick:
    """A tick of an axis: where it is in the drawing, and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Mark:
    """A point of a line: where it is in the drawing, and what it says."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Line:
    """A line in the drawing."""

    name: str
    path: str
    marks: tuple[Mark, ...]
    color: str
    dash: str
    is_thin: bool


@dataclass(frozen=True)
class LineChart:
    """A chart, in the coordinates of its drawing.

    Attributes:
        title: what is drawn.
        x_label: what the horizontal axis is.
        lines: the lines.
        x_ticks: ticks of the horizontal axis.
        y_ticks: ticks of the vertical axis.
        goal: height of a horizontal line; None for no line.
        summary: the chart in words.
    """

    title: str
    x_label: str
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    goal: float | None
    summary: str

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM

    @property
    def named(self) -> list[Line]:
        """The lines of the legend."""
        return [line for line in self.lines if line.name]

    @classmethod
    def of(
        cls,
        title: str,
        series: Sequence[Series],
        *,
        x_label: str,
        show: Callable[[float], str],
        show_tick: Callable[[float], str] = "{:,.6g}".format,
        show_x: Callable[[float], str] = "{:,.0f}".format,
        goal: float | None = None,
        bounds: tuple[float, float] = (-math.inf, math.inf),
    ) -> "LineChart | None":
        """A chart of some lines; None if no line has a point.

        Args:
            title: what is drawn.
            series: the lines.
            x_label: what the horizontal axis is.
            show: writes a value.
            show_tick: writes a round value, as short as it can.
            show_x: writes a place on the horizontal axis.
            goal: a value to be marked; None for none.
            bounds: values that the vertical axis never leaves.
        """
        filled = [each for each in series if each.points]
        if not filled:
            return None
        xs = [x for each in filled for x, _ in each.points]
        ys = [y for each in filled for _, y in each.points]
        first, last = min(xs), max(xs)
        x_axis = _Axis(first - (first == last), last, LEFT, WIDTH - RIGHT, whole=True)
        low, high = _range(ys if goal is None else [*ys, goal], bounds)
        y_axis = _Axis(low, high, HEIGHT - BOTTOM, TOP)
        lines = tuple(_line(each, x_axis, y_axis, show, show_x) for each in filled)
        return cls(
            title,
            x_label,
            lines,
            tuple(Tick(x_axis.at(x), show_x(x)) for x in x_axis.ticks()),
            tuple(Tick(y_axis.at(y), show_tick(y)) for y in y_axis.ticks()),
            None if goal is None else y_axis.at(goal),
            _summary(filled, show),
        )


class _Axis:
    """Maps values from `low` to `high` to places from `start` to `end`."""

    def __init__(
        self, low: float, high: float, start: float, end: float, whole: bool = False
    ) -> None:
        self.low, self.high, self.start, self.end, self.whole = low, high, start, end, whole

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Up to seven round numbers."""
        raw = (self.high - self.low) / 6
        power = 10.0 ** math.floor(math.log10(raw))
        step = min((m * power for m in (1, 2, 5, 10) if m * power >= raw), default=10 * power)
        if self.whole:
            step = max(1.0, step)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def _range(values: Sequence[float], bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 0.05 * abs(high) or 0.5
    return max(low - room, bounds[0]), min(high + room, bounds[1])


def _line(
    series: Series,
    x_axis: _Axis,
    y_axis: _Axis,
    show: Callable[[float], str],
    show_x: Callable[[float], str],
) -> Line:
    marks = tuple(
        Mark(x_axis.at(x), y_axis.at(y), f"{series.name}: {show(y)} at {show_x(x)}".lstrip(": "))
        for x, y in series.points
    )
    path = "M" + "L".join(f"{mark.x:g} {mark.y:g}" for mark in marks)
    color, dash = line_color(series.number), line_dash(series.number)
    return Line(series.name, path, marks, color, dash, series.is_thin)


def _summary(series: Sequence[Series], show: Callable[[float], str]) -> str:
    """The first and last value of each named line."""
    named = [each for each in series if each.name]
    parts = [
        f"{each.name} from {show(each.points[0][1])} to {show(each.points[-1][1])}"
        for each in named
    ]
    return "; ".join(parts)
