"""What was found in images as lines of CSV or JSON (`Records`)."""

import csv
import json
from collections.abc import Sequence
from typing import IO, Any, Literal, TypeAlias

from objcentric.images import Placement
from objcentric.inference.found import Found

Format: TypeAlias = Literal["csv", "jsonl"]

COLUMNS = ("image", "count", "probability", "boxes", "slots", "picture")


class Records:
    """Writes one line per image.

    Args:
        stream: where to write.
        form: `csv`, in which lists are JSON; or `jsonl`, one JSON object per line.
    """

    def __init__(self, stream: IO[str], form: Format) -> None:
        self.stream = stream
        self.form = form
        self.table = csv.writer(stream, lineterminator="\n")
        if form == "csv":
            self.table.writerow(COLUMNS)

    def write(self, record: dict[str, Any]) -> None:
        """Writes the record of an image."""
        if self.form == "jsonl":
            self.stream.write(json.dumps(record) + "\n")
        else:
            self.table.writerow([_cell(record[column]) for column in COLUMNS])
        self.stream.flush()


def record(name: str, found: Found, placement: Placement, picture: str = "") -> dict[str, Any]:
    """What was found in one image.

    Args:
        name: name of the image.
        found: what was found in it alone.
        placement: where it lies on the model's canvas; boxes are given in pixels of the image.
        picture: the file of its picture; empty for none.
    """
    (present,) = found.presence.nonzero(as_tuple=False)[:, 1:].T.tolist()
    boxes = None
    if found.boxes is not None:
        boxes = [_on_image(found.boxes[0, slot].tolist(), placement) for slot in present]
    counts = found.decides_presence
    return {
        "image": name,
        "count": int(found.counts[0]) if counts else None,
        "probability": _rounded(found.probabilities[0].tolist()) if counts else None,
        "boxes": boxes,
        "slots": [_rounded(found.slots[0, slot].tolist()) for slot in present],
        "picture": picture or None,
    }


def _on_image(box: Sequence[float], placement: Placement) -> list[float]:
    x0, y0, x1, y1 = box
    corners = (*placement.on_image(x0, y0), *placement.on_image(x1, y1))
    return [round(value, 2) for value in corners]


def _rounded(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def _cell(value: object) -> object:
    return json.dumps(value) if isinstance(value, list) else value
