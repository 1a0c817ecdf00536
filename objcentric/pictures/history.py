"""A picture of the same scenes after a few epochs, as the model learns (`history`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from objcentric.pictures import style
from objcentric.pictures.snapshot import Snapshot

ROWS = 5
"""How many of a snapshot's scenes are drawn; all of them would not fit on a screen."""

_SMALL: dict[str, Any] = {"color": style.INK, "fontsize": 8, "pad": 3}
_LARGE: dict[str, Any] = {"color": style.INK, "fontsize": 11, "ha": "center"}


def history(snapshots: Mapping[int, Snapshot], path: Path) -> Path:
    """Draws scenes, and for a few epochs their windows and reconstructions side by side.

    Each row is one scene.

    Args:
        snapshots: snapshots of the same scenes, by epoch.
        path: the PNG to write.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure

    epochs = telling_epochs(list(snapshots))
    rows = min(ROWS, len(snapshots[epochs[-1]].images))
    widths = [1.0] + [0.15, 1.0, 1.0] * len(epochs)  # a gap, and two pictures that touch
    width, height = style.CELL * sum(widths) + 0.3, style.CELL * 1.2 * rows + 1.0
    figure = Figure(figsize=(width, height))
    grid = figure.add_gridspec(
        rows,
        len(widths),
        width_ratios=widths,
        wspace=0.04,
        hspace=0.2,
        left=0.1 / width,
        right=1 - 0.1 / width,
        top=1 - 0.5 / height,
        bottom=0.55 / height,
    )
    for row in range(rows):
        cell = figure.add_subplot(grid[row, 0])
        style.draw_image(cell, snapshots[epochs[-1]].images[row])
        if row == 0:
            cell.set_title("scene", **_SMALL)
        for group, epoch in enumerate(epochs):
            snapshot = snapshots[epoch]
            windows = figure.add_subplot(grid[row, 3 * group + 2])
            style.draw_found(windows, snapshot, row)
            style.write_count(windows, snapshot, row)
            drawn = figure.add_subplot(grid[row, 3 * group + 3])
            style.draw_image(drawn, snapshot.canvas[row])
            if row == 0:
                windows.set_title(style.found_title(snapshot), **_SMALL)
                drawn.set_title("reconstruction", **_SMALL)
                windows.text(
                    1.02, 1.22, f"after epoch {epoch}", transform=windows.transAxes, **_LARGE
                )
    style.add_legend(figure, snapshots[epochs[-1]])
    return style.save_figure(figure, path)


def telling_epochs(epochs: list[int]) -> list[int]:
    """The first epoch, the last one, and the one in the middle on a logarithmic scale.

    `[1, 2, 5, 10, 20, 50] -> [1, 10, 50]`
    """
    first, last = min(epochs), max(epochs)

    def off_middle(epoch: int) -> tuple[float, int]:
        ratio = epoch**2 / (first * last)
        return max(ratio, 1 / ratio), -epoch

    return sorted({first, min(epochs, key=off_middle), last})
