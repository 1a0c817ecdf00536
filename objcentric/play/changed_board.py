"""The board on which windows are dragged over the canvas (`changed_board`)."""

from typing import Any

from objcentric.play.board_value import BoardWindow, board_value
from objcentric.play.pictures import picture
from objcentric.play.played import Played
from objcentric.play.step_views import box_of, slot_name
from objcentric.report.colors import slot_color


def changed_board(played: Played, slot: int, answer: int = -1) -> dict[str, Any]:
    """The canvas with the player's changes, and the windows of the present slots on it.

    Args:
        played: the scene.
        slot: the chosen slot, whose window is there even if the slot is absent.
        answer: number of the drag that this answers.
    """
    changed = played.changed
    present = (changed.presence[0] > 0.5).tolist()
    boxes = {
        number: box_of(changed, number)
        for number in range(played.slots if played.glimpser is not None else 0)
        if present[number] or number == slot
    }
    return board_value(
        picture(played.canvas()),
        "The canvas with your changes",
        (played.image.shape[-2], played.image.shape[-1]),
        [
            BoardWindow(number, box, slot_color(number), slot_name(changed, number))
            for number, box in boxes.items()
            if box is not None
        ],
        chosen=slot,
        free=changed.where is not None and changed.where.shape[-1] > 3,
        answer=answer,
    )
