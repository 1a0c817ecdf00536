"""Pictures of what was found in images, and of scenes from a prior, in columns and rows."""

from collections.abc import Sequence
from math import ceil

from jaxtyping import UInt8
from torch import Tensor

from objcentric.pictures import style
from objcentric.pictures.picture import Picture
from objcentric.pictures.snapshot import Snapshot

COLUMNS = 8
SIDE = 1.5
"""Side of a drawn image, in inches."""


def found_objects(snapshot: Snapshot, titles: Sequence[str]) -> Picture:
    """Draws images, their windows, their segments and their reconstructions.

    Each column is one image.

    Args:
        snapshot: the images and what was found in them.
        titles: what to write above each image.
    """
    from matplotlib.figure import Figure

    images = len(snapshot.images)
    labels = ["image", "segments", "reconstruction"]
    if snapshot.boxes is not None:
        labels.insert(1, "windows")
    size = (max(SIDE * images, 3.2) + 0.4, SIDE * len(labels) + 0.7)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(labels), images, squeeze=False)
    for column in range(images):
        cells = dict(zip(labels, grid[:, column], strict=True))
        style.draw_image(cells["image"], snapshot.images[column])
        cells["image"].set_title(titles[column], color=style.INK, fontsize=8)
        if "windows" in cells:
            style.draw_found(cells["windows"], snapshot, column)
        style.draw_segments(cells["segments"], snapshot, column)
        style.draw_image(cells["reconstruction"], snapshot.canvas[column])
    for cell, label in zip(grid[:, 0], labels, strict=True):
        cell.set_ylabel(label, color=style.INK, fontsize=9)
    style.add_legend(figure, snapshot, outside=True)
    return Picture(figure)


def canvases(images: UInt8[Tensor, "N C H W"], title: str) -> Picture:
    """Draws canvases in rows.

    Args:
        images: the canvases, at least one.
        title: title of the picture.
    """
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(images))
    rows = ceil(len(images) / columns)
    size = (max(SIDE * columns, 3.2), SIDE * rows + 0.5)
    figure = Figure(figsize=size, layout="constrained")
    cells = figure.subplots(rows, columns, squeeze=False).flatten()
    for number, cell in enumerate(cells):
        if number < len(images):
            style.draw_image(cell, images[number])
        else:
            cell.set_axis_off()
    figure.suptitle(title, color=style.INK, fontsize=10)
    return Picture(figure)
