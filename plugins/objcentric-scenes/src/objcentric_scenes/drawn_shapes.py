"""Shapes of random kind, size and rotation (`DrawnShapes`)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from einops import repeat
from jaxtyping import Bool, Int64, UInt64

from objcentric.interfaces import Split
from objcentric_scenes.endless.shape_atlas import ShapeAtlas
from objcentric_scenes.randomness import integers_below
from objcentric_scenes.shapes import ShapeName, draw_shape
from objcentric_scenes.stamps import StampMaker, Stamps, StampSource, tight_boxes


@dataclass(frozen=True)
class DrawnShapes(StampSource, StampMaker):
    """Shapes whose kind, size and rotation are independent and uniform.

    All splits draw from the same shapes. A box is the tight box of the whole shape, hidden parts
    included. Attributes: `radius` in pixels, and `angle` in degrees, clockwise.

    Attributes:
        shapes: kinds of shapes; a shape's label is its place here.
        radii: radii of the circles that enclose shapes, in tenths of a pixel.
        angles: number of angles to choose from; `angles` beyond `turns` repeat the first ones.
        turns: parts of a full turn.
        samples: sample points along each side of a pixel; 1 gives hard edges.
        side: side of the square that has to lie on the canvas; 0 for the smallest even one.
    """

    shapes: tuple[ShapeName, ...]
    radii: tuple[int, ...]
    angles: int = 360
    turns: int = 360
    samples: int = 4
    side: int = 0

    @property
    def largest(self) -> int:
        return self.side or 2 * -(-max(self.radii) // 10)

    @property
    def columns(self) -> int:
        return 3  # shape, radius, angle

    @property
    def identity(self) -> str:
        return repr(self)

    def maker(self, split: Split) -> StampMaker:
        return self

    def on(self, device: torch.device) -> ShapeAtlas:
        return _atlas(self, device)

    def sides(self, radius: Int64[np.ndarray, "*shape"]) -> Int64[np.ndarray, "*shape"]:
        """The side of the square of shapes with these radii, in pixels."""
        return np.full_like(radius, self.side) if self.side else 2 * -(-radius // 10)

    def stamps(
        self, bits: UInt64[np.ndarray, "N M columns"], present: Bool[np.ndarray, "N M"]
    ) -> Stamps:
        kind = integers_below(len(self.shapes), bits[..., 0])
        radius = np.array(self.radii, np.int64)[integers_below(len(self.radii), bits[..., 1])]
        turn = integers_below(self.angles, bits[..., 2])
        sides = np.where(present, self.sides(radius), 0)
        kind = np.where(present, kind, -1)
        ink = np.zeros((*kind.shape, self.largest, self.largest), np.uint8)
        for label, shape in enumerate(self.shapes):
            at = kind == label
            ink[at] = draw_shape(
                shape, radius[at], turn[at], self.turns, sides[at], self.largest, self.samples
            )
        degrees = np.where(present, turn % self.turns, 0) * 360 / self.turns
        attributes = {
            "radius": (np.where(present, radius, 0) / 10).astype(np.float32),
            "angle": degrees.astype(np.float32),
        }
        sizes = repeat(sides, "n m -> n m 2")
        return Stamps(ink, sizes, tight_boxes(ink), kind, attributes)


@lru_cache(maxsize=4)
def _atlas(drawn: DrawnShapes, device: torch.device) -> ShapeAtlas:
    """Drawing all shapes takes seconds, so they are kept."""
    return ShapeAtlas(
        drawn.shapes,
        drawn.radii,
        drawn.angles,
        drawn.turns,
        drawn.samples,
        drawn.sides,
        device,
    )
