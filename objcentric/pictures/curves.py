"""Learning curves of one run (`curves`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.interfaces import Metric
from objcentric.pictures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def curves(
    metrics: Sequence[Mapping[str, Any]],
    path: Path,
    *,
    headline: Metric | None,
    terms: Sequence[str],
) -> Path:
    """Draws the headline figure, the loss and some of its terms over the epochs.

    Args:
        metrics: the lines of `metrics.jsonl`.
        path: the PNG to write.
        headline: metric of the first panel; None leaves this panel out.
        terms: names of the training figures in the last panel.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(11, 3.2), layout="constrained")
    panels = figure.subplots(1, 2 + (headline is not None), squeeze=False)[0]
    if headline is not None:
        _draw(panels[0], metrics, "train", headline.key, "training", 2)
        _draw(panels[0], metrics, "validation", headline.key, "validation", 0)
        _frame(panels[0], headline)
    _draw(panels[-2], metrics, "train", "loss", "loss (training)", 0)
    for color, name in enumerate(terms):
        _draw(panels[-1], metrics, "train", name, name, color)
    panels[-1].set(title="its terms (training)")
    for axes in panels:
        axes.set_xlabel("epoch", color=style.INK)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
        if axes.lines:
            axes.legend(frameon=False, fontsize=9)
    return style.save_figure(figure, path)


def _frame(axes: "Axes", metric: Metric) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set(title=metric.title)
    if metric.style == "percent":
        axes.set(ylim=(0, 1.03))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def _draw(
    axes: "Axes", metrics: Sequence[Mapping[str, Any]], part: str, name: str, label: str, color: int
) -> None:
    """Draws a figure over the epochs that have it; draws nothing if no epoch has it."""
    points = [(line["epoch"], line[part].get(name)) for line in metrics if part in line]
    finite = [(epoch, value) for epoch, value in points if value is not None]
    if finite:
        axes.plot(
            [epoch for epoch, _ in finite],
            [value for _, value in finite],
            marker="o",
            ms=3.5,
            lw=1.8,
            color=style.step_color(color),
            label=label,
        )
