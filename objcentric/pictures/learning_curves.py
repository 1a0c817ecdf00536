"""Learning curves of many runs, in groups."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from objcentric.pictures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Sequence[tuple[int, float]]
"""Images seen and count accuracy in [0, 1], in order."""

COLORS = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, those that show best on white first; yellow does not show at all."""

DASHES = ("-", "--", ":", "-.")
"""Of groups past the colours."""

CLOSE = 0.9
"""Where the enlarged panel begins."""


def learning_curves(groups: Mapping[str, Sequence[Curve]], path: Path, *, title: str) -> Path:
    """Draws test count accuracy over images seen: every curve thin, each group's median thick.

    Args:
        groups: curves by what the group is called.
        path: the PNG to write.
        title: above the picture.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    rows = -(-len(groups) // 2)
    figure = Figure(figsize=(11, 4.4 + 0.24 * rows), layout="constrained")
    whole, close = figure.subplots(1, 2)
    handles = []
    for index, (name, curves) in enumerate(groups.items()):
        color, dashes = COLORS[index % len(COLORS)], DASHES[index // len(COLORS) % len(DASHES)]
        for axes in (whole, close):
            _draw(axes, curves, color, dashes)
        handles.append(Line2D([], [], color=color, ls=dashes, lw=2.5, label=name))
    _frame(whole, "test count accuracy", 0.0)
    _frame(close, f"the same, above {CLOSE:.0%}", CLOSE)
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
    """The median of the curves, as far as the longest goes, over those that go so far."""
    at: dict[int, list[float]] = {}
    for curve in curves:
        for images, accuracy in curve:
            at.setdefault(images, []).append(accuracy)
    return [(images, median(values)) for images, values in sorted(at.items())]


def _draw(axes: "Axes", curves: Sequence[Curve], color: str, dashes: str) -> None:
    for curve in curves:
        axes.plot(*_columns(curve), color=color, lw=0.8, alpha=0.45)
    axes.plot(*_columns(median_curve(curves)), color=color, ls=dashes, lw=2.5)


def _columns(curve: Curve) -> tuple[list[int], list[float]]:
    return [images for images, _ in curve], [accuracy for _, accuracy in curve]


def _frame(axes: "Axes", title: str, low: float) -> None:
    from matplotlib.ticker import EngFormatter, PercentFormatter

    axes.axhline(0.98, color=style.INK, lw=0.8, ls=":", zorder=0)
    axes.set(ylim=(low, 1 + 0.03 * (1 - low)), xlim=(0, None))
    axes.set_title(title, color=style.INK, fontsize=10)
    axes.set_xlabel("images seen", color=style.INK)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
