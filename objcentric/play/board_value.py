"""What a board shows: a picture with windows that can be dragged (`board_value`, `Dragged`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from objcentric.play.step_views import Box


@dataclass(frozen=True)
class BoardWindow:
    """A window on a board.

    Attributes:
        slot: its slot, from 0.
        box: its corners, in pixels.
        color: its colour.
        name: its name, for screen readers.
    """

    slot: int
    box: Box
    color: str
    name: str


@dataclass(frozen=True)
class Dragged:
    """A window that was dragged.

    Attributes:
        slot: its slot, from 0.
        box: its new corners, in pixels.
        number: number of the drag, with which it is answered.
    """

    slot: int
    box: Box
    number: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Dragged":
        """What a browser sent."""
        x0, y0, x1, y1 = (float(value) for value in data["box"])
        return cls(int(data["slot"]), (x0, y0, x1, y1), int(data["number"]))


def board_value(
    image: str,
    alt: str,
    size: tuple[int, int],
    windows: Sequence[BoardWindow],
    *,
    chosen: int,
    free: bool,
    grid: int = 0,
    answer: int = -1,
) -> dict[str, Any]:
    """The value of a board; `assets/board.js` reads it.

    Args:
        image: the picture, as a URI.
        alt: the picture in words.
        size: its height and width, in pixels.
        windows: the windows on it.
        chosen: slot of the window with handles at its corners.
        free: whether a window's width and height are independent.
        grid: number of samples that are drawn along each side of the chosen window; 0 for none.
        answer: number of the drag that this answers.
    """
    return {
        "image": image,
        "alt": alt,
        "height": size[0],
        "width": size[1],
        "windows": [vars(window) | {"box": list(window.box)} for window in windows],
        "chosen": chosen,
        "free": free,
        "grid": grid,
        "answer": answer,
    }
