"""The learning curves of one run (`run_charts`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from objcentric.interfaces import Metric
from objcentric.report.line_chart import LineChart, Points, Series
from objcentric.report.trained import Trained

Lines = Sequence[Mapping[str, Any]]
"""Lines of `metrics.jsonl`."""


def run_charts(trained: Trained) -> tuple[LineChart, ...]:
    """The headline figure, the loss, and its terms."""
    lines = trained.run.metrics()
    headline = trained.headline
    terms = lines[-1]["train"] if lines else {}
    names = [name for name, value in terms.items() if name.endswith("_kl") and value]
    charts = [
        metric_chart(lines, headline, trained) if headline else None,
        chart("loss (training)", [("loss", points(lines, "train", "loss"))], number),
        chart("its KL terms (training)", [(n, points(lines, "train", n)) for n in names], number),
    ]
    return tuple(each for each in charts if each is not None)


def other_charts(trained: Trained) -> tuple[LineChart, ...]:
    """All other figures that are single numbers."""
    lines = trained.run.metrics()
    others = [m for m in trained.metrics if m is not trained.headline and m.style != "table"]
    charts = (metric_chart(lines, metric, trained) for metric in others)
    return tuple(each for each in charts if each is not None)


def metric_chart(lines: Lines, metric: Metric, trained: Trained) -> LineChart | None:
    """A metric on validation scenes, and while training if the run has that."""
    target = trained.target
    return LineChart.of(
        metric.title,
        [
            Series("validation", points(lines, "validation", metric.key), 0),
            Series("training", points(lines, "train", metric.key), 1),
        ],
        x_label="epoch",
        show=metric.show,
        show_tick=tick(metric),
        goal=target.goal.threshold if target and target.metric is metric else None,
        bounds=metric.bounds,
    )


def chart(
    title: str, lines: Sequence[tuple[str, Points]], show: Callable[[float], str]
) -> LineChart | None:
    """A chart of several named lines over epochs."""
    series = [Series(name, some, place) for place, (name, some) in enumerate(lines)]
    return LineChart.of(title, series, x_label="epoch", show=show)


def points(lines: Lines, split: str, key: str, over: str = "epoch") -> Points:
    """A figure over the epochs, or whatever else `over` names, that have it."""
    values = [(line[over], line.get(split, {}).get(key)) for line in lines]
    return [(x, y) for x, y in values if isinstance(y, (int, float))]


def number(value: float) -> str:
    """A number for a person, in about four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def tick(metric: Metric) -> Callable[[float], str]:
    """How the ticks of a metric's axis are written."""
    if metric.style == "percent":
        return lambda value: f"{100 * value:.6g}%"
    return "{:,.6g}".format
