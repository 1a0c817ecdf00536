"""Attention windows that never leave the canvas (`Bounded`)."""

from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.blocks.windows import Windows
from objcentric.interfaces import Glimpser
from objcentric.placed import Placement
from objcentric.scene import RequestedScene, WhereSpec

Fraction = Annotated[float, Field(gt=0, le=1)]


class Bounded(Glimpser):
    """Windows that never leave the canvas: a sigmoid bounds their sizes and positions (SPAIR:
    Crawford & Pineau 2019, AAAI).

    `where = (width, height, x, y)`, each an unbounded number z:

        size     = smallest + (largest - smallest) · sigmoid(z_size)
        position = sigmoid(z_position)

    in fractions of the canvas. Position 0 puts the window against the left or upper border, 1
    against the right or lower one. SPAIR's positions are relative to a grid cell. Here the whole
    canvas is the only cell, and positions leave room for the window's size, so that no part of the
    window lies outside.

    Args:
        scene: sizes of the scene.
        smallest: the smallest side of a window, as a fraction of the canvas, in (0, 1].
        largest: the largest side, as a fraction of the canvas, in (0, 1].

    Raises:
        ValueError: `smallest` is not below `largest`.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("width", "height", "x", "y"),
        loc=(0.0, 0.0, 0.0, 0.0),
        # With 1.6, positions are nearly uniform.
        scale=(0.3, 0.3, 1.6, 1.6),
    )

    def __init__(
        self, scene: RequestedScene, *, smallest: Fraction = 0.1, largest: Fraction = 0.6
    ) -> None:
        super().__init__(scene)
        if smallest >= largest:
            raise ValueError(f"smallest ({smallest}) is not below largest ({largest})")
        self.smallest, self.largest = smallest, largest

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K C h w"]:
        return self._windows(where).read(image, self.patch_shape[1:])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K c H W"]:
        return self._windows(where).write(patches, self.image_shape[1:])

    def placement(self, where: Float[Tensor, "B K 4"], size: tuple[int, int]) -> Placement:
        return self._windows(where).placement(self.image_shape[1:], size)

    def boxes(self, where: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        return self.in_pixels(self._windows(where).corners())

    def _windows(self, where: Float[Tensor, "B K 4"]) -> Windows:
        size, position = torch.sigmoid(where).chunk(2, dim=-1)
        size = self.smallest + (self.largest - self.smallest) * size
        centre = (2 * position - 1) * (1 - size)  # in [-1, 1], as far out as the size allows
        return Windows.of(torch.cat([1 / size, -centre / size], dim=-1))
