"""What a player drew or dropped, as pixels of a model (`Received`)."""

import base64
import binascii
from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import UInt8
from torch import Tensor

from objcentric.images import BadImage, Canvas

Kind = Literal["sketch", "file"]


@dataclass(frozen=True)
class Received:
    """An image that fits a model.

    Attributes:
        pixels: the image on the model's canvas.
        notice: how it was changed for that; empty if it was not.
    """

    pixels: UInt8[Tensor, "C H W"]
    notice: str

    @classmethod
    def of(cls, uri: str, kind: Kind, name: str, canvas: Canvas) -> "Received":
        """Pixels from what a browser sends.

        Args:
            uri: a PNG or JPEG file as a data URI.
            kind: a `sketch` is already as the model wants it; a `file` may be inverted, as in
                training.
            name: name of the file, for messages.
            canvas: what the model takes.

        Raises:
            BadImage: it is no image that can be read.
        """
        head, comma, content = uri.partition(",")
        if not (head.startswith("data:") and comma):
            raise BadImage("it is no image")
        try:
            data = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise BadImage("it is no image") from error
        chosen = replace(canvas, invert=False) if kind == "sketch" else canvas
        pixels, placement = chosen.read(data)
        height, width = placement.size
        notice = ""
        if kind == "file" and not placement.is_exact:
            color = "grey" if canvas.channels == 1 else "colour"
            notice = (
                f"{name}, {height}×{width}, was changed to {canvas.size[0]}×{canvas.size[1]} "
                f"{color}, which the model takes (fit: {canvas.fit})."
            )
        return cls(torch.from_numpy(pixels.copy()), notice)
