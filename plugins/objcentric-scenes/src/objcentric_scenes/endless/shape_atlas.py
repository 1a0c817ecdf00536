"""Drawn shapes of all kinds, sizes and rotations, to be looked up on a device (`ShapeAtlas`)."""

from collections.abc import Callable

import numpy as np
import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Int64
from torch import Tensor

from objcentric_scenes.endless.bits import integers_below
from objcentric_scenes.endless.tensors import TensorStampMaker, TensorStamps
from objcentric_scenes.shapes import ShapeName, draw_shape
from objcentric_scenes.stamps import tight_boxes

_PIECE = 2000
"""Shapes drawn at once, which bounds memory."""


class ShapeAtlas(TensorStampMaker):
    """All shapes that can be drawn, drawn once. There are tens of thousands, in a few MB.

    Args:
        shapes: kinds of shapes.
        radii: radii, in tenths of a pixel.
        angles: number of angles to choose from; `angles` beyond `turns` repeat the first ones.
        turns: parts of a full turn.
        samples: sample points along each side of a pixel.
        sides: the side of the square in which a shape with some radii is drawn, in pixels.
        device: where to keep them.
    """

    def __init__(
        self,
        shapes: tuple[ShapeName, ...],
        radii: tuple[int, ...],
        angles: int,
        turns: int,
        samples: int,
        sides: Callable[[Int64[np.ndarray, "..."]], Int64[np.ndarray, "..."]],
        device: torch.device,
    ) -> None:
        self.angles, self.turns = angles, turns
        known = min(angles, turns)
        radius = np.repeat(np.array(radii, np.int64), known)
        turn = np.tile(np.arange(known), len(radii))
        side = sides(radius)
        drawn = [
            draw_shape(shape, radius[at], turn[at], turns, side[at], int(side.max()), samples)
            for shape in shapes
            for at in np.split(np.arange(len(radius)), range(_PIECE, len(radius), _PIECE))
        ]
        ink = rearrange(np.concatenate(drawn), "n h w -> n 1 h w")
        boxes = torch.from_numpy(rearrange(tight_boxes(ink), "n 1 four -> n four"))
        self.ink = torch.from_numpy(rearrange(ink, "n 1 h w -> n h w")).to(device)
        self.boxes = boxes.to(device)
        self.radii = torch.tensor(radii, device=device)
        self.sides = torch.from_numpy(sides(np.array(radii, np.int64))).to(device)
        self.kinds = len(shapes)

    def stamps(
        self, bits: Int64[Tensor, "N M columns"], present: Bool[Tensor, "N M"]
    ) -> TensorStamps:
        kind = integers_below(self.kinds, bits[..., 0])
        size = integers_below(len(self.radii), bits[..., 1])
        turn = integers_below(self.angles, bits[..., 2]) % self.turns
        known = min(self.angles, self.turns)
        at = (kind * len(self.radii) + size) * known + turn
        there = present[..., None]
        degrees = torch.where(present, turn, 0).double() * 360 / self.turns
        radius = torch.where(present, self.radii[size], 0).double() / 10
        return TensorStamps(
            ink=torch.where(there[..., None], self.ink[at], 0),
            sizes=torch.where(there, repeat(self.sides[size], "n m -> n m 2"), 0),
            boxes=torch.where(there, self.boxes[at], 0),
            labels=torch.where(present, kind, -1),
            attributes={"radius": radius.float(), "angle": degrees.float()},
        )
