"""Learning curves of many runs, in groups (`learning_curves`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from objcentric.interfaces import Metric
from objcentric.pictures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Sequence[tuple[int, float]]
"""Points (images seen, figure), in order of images."""

COLORS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, the most visible on white first; without yellow, which is invisible."""

DASHES = ("-", "--", ":", "-.")
"""Line styles; the next one is used when the colours repeat."""

CLOSE = 0.9
"""Where the enlarged panel begins, for figures in [0, 1]."""


def learning_curves(
    groups: Mapping[str, Sequence[Curve]],
    path: Path,
    *,
    title: str,
    metric: Metric | None,
    mark: float | None = None,
) -> Path:
    """Draws a figure over images seen: each run as a thin line, each group's median as a thick one.

    Args:
        groups: curves by name of the group.
        path: the PNG to write.
        title: title of the picture.
        metric: metric of the figure; None if there is none.
        mark: the goal, drawn as a dotted line; None for no line.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    unit = metric is not None and metric.bounds == (0.0, 1.0)
    rows = -(-len(groups) // 2)
    figure = Figure(figsize=(11, 4.4 + 0.24 * rows), layout="constrained")
    panels = figure.subplots(1, 2 if unit else 1, squeeze=False)[0]
    handles = []
    for index, (name, curves) in enumerate(groups.items()):
        color, dashes = COLORS[index % len(COLORS)], DASHES[index // len(COLORS) % len(DASHES)]
        for axes in panels:
            _draw(axes, curves, color, dashes)
        handles.append(Line2D([], [], color=color, ls=dashes, lw=2.5, label=name))
    for axes in panels:
        _frame(axes, mark)
    panels[0].set_title(_title(metric), color=style.INK, fontsize=10)
    if unit:
        panels[1].set_title(f"the same, above {CLOSE:g}", color=style.INK, fontsize=10)
        for axes, low in zip(panels, (0.0, CLOSE), strict=True):
            axes.set(ylim=(low, 1 + 0.03 * (1 - low)))
            _as_percent(axes, metric)
    figure.suptitle(title, color=style.INK, fontsize=12)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=2 if len(groups) > 1 else 1,
        frameon=False,
        handlelength=4,  # for the longest dashes to show twice
        labelcolor=style.INK,
        fontsize=10,
    )
    return style.save_figure(figure, path)


def median_curve(curves: Sequence[Curve]) -> list[tuple[int, float]]:
    """The median at each point, over the curves that reach it; as long as the longest curve."""
    at: dict[int, list[float]] = {}
    for curve in curves:
        for images, figure in curve:
            at.setdefault(images, []).append(figure)
    return [(images, median(values)) for images, values in sorted(at.items())]


def _draw(axes: "Axes", curves: Sequence[Curve], color: str, dashes: str) -> None:
    for curve in curves:
        axes.plot(*_columns(curve), color=color, lw=0.8, alpha=0.45)
    axes.plot(*_columns(median_curve(curves)), color=color, ls=dashes, lw=2.5)


def _columns(curve: Curve) -> tuple[list[int], list[float]]:
    return [images for images, _ in curve], [figure for _, figure in curve]


def _title(metric: Metric | None) -> str:
    return f"{metric.title} on validation scenes" if metric else "no figure to compare"


def _frame(axes: "Axes", mark: float | None) -> None:
    from matplotlib.ticker import EngFormatter

    if mark is not None:
        axes.axhline(mark, color=style.INK, lw=0.8, ls=":", zorder=0)
    axes.set(xlim=(0, None))
    axes.set_xlabel("images seen", color=style.INK)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def _as_percent(axes: "Axes", metric: Metric | None) -> None:
    from matplotlib.ticker import PercentFormatter

    if metric is not None and metric.style == "percent":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
