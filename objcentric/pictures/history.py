"""How a model learned to see: the same scenes after a few epochs."""

from collections.abc import Mapping
from pathlib import Path

from objcentric.pictures import style
from objcentric.pictures.snapshot import Snapshot


def history(snapshots: Mapping[int, Snapshot], path: Path) -> Path:
    """Draws scenes, then windows and reconstruction side by side after each epoch, one scene a row.

    Args:
        snapshots: of the same scenes, by epoch.
        path: the PNG to write.

    Returns:
        `path`.
    """
    from matplotlib.figure import Figure

    epochs = telling_epochs(list(snapshots))
    last = snapshots[epochs[-1]]
    scenes, slots = last.presence.shape
    # A scene, then for each epoch a gap and two pictures that touch.
    widths = [1.0] + [0.18, 1.0, 1.0] * len(epochs)
    figure = Figure(figsize=(style.CELL * sum(widths) + 0.3, style.CELL * 1.22 * scenes + 0.9))
    grid = figure.add_gridspec(
        scenes,
        len(widths),
        width_ratios=widths,
        wspace=0.04,
        hspace=0.24,
        left=0.02,
        right=0.98,
        top=1 - 0.45 / figure.get_figheight(),
        bottom=0.55 / figure.get_figheight(),
    )
    for scene in range(scenes):
        cell = figure.add_subplot(grid[scene, 0])
        style.draw_image(cell, last.images[scene])
        if scene == 0:
            cell.set_title("scene", color=style.INK, fontsize=11)
        for column, epoch in enumerate(epochs):
            windows = figure.add_subplot(grid[scene, 3 * column + 2])
            style.draw_windows(windows, snapshots[epoch], scene)
            style.write_count(windows, snapshots[epoch], scene)
            drawn = figure.add_subplot(grid[scene, 3 * column + 3])
            style.draw_image(drawn, snapshots[epoch].canvas[scene])
            if scene == 0:
                windows.set_title(f"epoch {epoch}: windows", color=style.INK, fontsize=11)
                drawn.set_title("reconstruction", color=style.INK, fontsize=11)
    style.add_step_legend(figure, slots)
    return style.save_figure(figure, path)


def telling_epochs(epochs: list[int]) -> list[int]:
    """The first, the last and, on a logarithmic scale, the middle one of the epochs.

    `[1, 2, 5, 10, 20, 50] -> [1, 10, 50]`
    """
    first, last = min(epochs), max(epochs)

    def off_middle(epoch: int) -> tuple[float, int]:
        ratio = epoch**2 / (first * last)
        return max(ratio, 1 / ratio), -epoch

    return sorted({first, min(epochs, key=off_middle), last})
