"""Style of the pictures: one colour per slot, crisp pixels; and the parts that they share."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

from objcentric.files import whole_file
from objcentric.pictures.snapshot import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALETTE = ("#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#0072B2")
"""Okabe and Ito's colours, the most visible on black first."""

INK = "#333333"
WRONG = "#D55E00"

CELL = 1.0
"""Side of a drawn scene, in inches."""


def step_color(slot: int) -> str:
    """The colour of a slot."""
    return PALETTE[slot % len(PALETTE)]


def draw_image(axes: "Axes", image: UInt8[Tensor, "C H W"]) -> None:
    """Draws an image with crisp pixels; the axes count pixels from the top left corner."""
    height, width = image.shape[1:]
    pixels = rearrange(image, "c h w -> h w c").numpy()
    axes.imshow(
        pixels[..., 0] if pixels.shape[-1] == 1 else pixels,
        cmap="gray",
        vmin=0,
        vmax=255,
        interpolation="nearest",
        extent=(0, width, height, 0),
    )
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_found(axes: "Axes", snapshot: Snapshot, scene: int) -> None:
    """Draws a scene with the windows found in it, or with segments if the model has no windows."""
    draw_image(axes, snapshot.images[scene])
    if snapshot.boxes is None:
        _draw_segments(axes, snapshot.segments[scene])
    else:
        _draw_windows(axes, snapshot.boxes[scene], snapshot.presence[scene])


def draw_segments(axes: "Axes", snapshot: Snapshot, scene: int) -> None:
    """Draws a scene with the pixels of each slot in its colour."""
    draw_image(axes, snapshot.images[scene])
    _draw_segments(axes, snapshot.segments[scene])


def found_title(snapshot: Snapshot) -> str:
    """The title of what `draw_found` draws."""
    return "segments" if snapshot.boxes is None else "windows"


def _draw_windows(axes: "Axes", boxes: Float[Tensor, "K 4"], presence: Bool[Tensor, " K"]) -> None:
    from matplotlib.patches import Rectangle

    for slot in presence.nonzero().flatten().tolist():
        x0, y0, x1, y1 = boxes[slot].tolist()
        box = Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, lw=2, ec=step_color(slot))
        box.set_joinstyle("miter")
        axes.add_patch(box)


def _draw_segments(axes: "Axes", segments: UInt8[Tensor, "H W"]) -> None:
    """Tints each slot's pixels in its colour; the background stays as it is."""
    from matplotlib.colors import to_rgba

    height, width = segments.shape
    colors = [(0.0, 0.0, 0.0, 0.0)]
    colors += [to_rgba(step_color(slot), 0.65) for slot in range(int(segments.max()))]
    pixels = np.array(colors)[segments.numpy()]
    axes.imshow(pixels, interpolation="nearest", extent=(0, width, height, 0))


def write_count(axes: "Axes", snapshot: Snapshot, scene: int) -> None:
    """Writes below a scene how many objects were found, and whether that is right.

    It writes nothing if the true count is unknown or the model does not count.
    """
    if snapshot.counts is None:
        return
    found, true = int(snapshot.presence[scene].sum()), int(snapshot.counts[scene])
    text, color = (f"{found} ✓", INK) if found == true else (f"{found} ✗", WRONG)
    axes.set_xlabel(text, color=color, fontsize=9, labelpad=2)


def add_legend(figure: "Figure", snapshot: Snapshot, *, outside: bool = False) -> None:
    """At the bottom, the colour of each slot; those past the palette repeat its colours.

    Slots with windows are called steps, as in AIR, which finds them one after the other.

    Args:
        figure: the figure.
        snapshot: the slots.
        outside: whether the figure's layout makes room for it.
    """
    from matplotlib.lines import Line2D

    shown = min(snapshot.presence.shape[1], len(PALETTE))
    name = "slot" if snapshot.boxes is None else "step"
    handles = [Line2D([], [], color=step_color(slot), lw=3) for slot in range(shown)]
    labels = [f"{name} {slot + 1}" for slot in range(shown)]
    figure.legend(
        handles,
        labels,
        loc="outside lower center" if outside else "lower center",
        ncols=shown,
        frameon=False,
        labelcolor=INK,
        fontsize=9,
    )


def save_figure(figure: "Figure", path: Path) -> Path:
    """Writes the figure to `path` as a PNG, in one step."""
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png", dpi=150, facecolor="white")
    return path
