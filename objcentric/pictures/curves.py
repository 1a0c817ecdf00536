"""Learning curves of one run."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.pictures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KL = {"presence_kl": "presence", "where_kl": "where", "what_kl": "what"}


def curves(metrics: Sequence[dict[str, Any]], path: Path) -> Path:
    """Draws counting, the bound and the KL terms over the epochs.

    Args:
        metrics: the lines of `metrics.jsonl`.
        path: the PNG to write.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(11, 3.2), layout="constrained")
    counting, bound, kl = figure.subplots(1, 3)
    _draw(counting, metrics, "train", "count_accuracy", "training", 2)
    _draw(counting, metrics, "test", "count_accuracy", "test", 0)
    counting.set(title="count accuracy", ylim=(0, 1.03))
    counting.yaxis.set_major_formatter(PercentFormatter(1.0))
    _draw(bound, metrics, "test", "elbo", "ELBO (test)", 0)
    bound.set(title="nats an image")
    for color, (name, label) in enumerate(_KL.items()):
        _draw(kl, metrics, "train", name, label, color)
    kl.set(title="KL from the prior (training, nats)", ylim=(0, None))
    for axes in (counting, bound, kl):
        axes.set_xlabel("epoch", color=style.INK)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25)
        axes.legend(frameon=False, fontsize=9)
    return style.save_figure(figure, path)


def _draw(
    axes: "Axes", metrics: Sequence[dict[str, Any]], part: str, name: str, label: str, color: int
) -> None:
    points = [(line["epoch"], line[part][name]) for line in metrics if part in line]
    finite = [(epoch, value) for epoch, value in points if value is not None]
    axes.plot(
        [epoch for epoch, _ in finite],
        [value for _, value in finite],
        marker="o",
        ms=3.5,
        lw=1.8,
        color=style.step_color(color),
        label=label,
    )
