"""Windows parallel to the sides of the canvas, for glimpsers (`Windows`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.separable import bilinear, look
from objcentric.placed import Placement

MIN_SCALE = 0.1
"""Slots that are never reached may drift. This limits windows to ten canvases' width."""


@dataclass(frozen=True)
class Windows:
    """K windows per image, with a scale and a shift for each axis.

    The point (u, v) of the canvas shows the point (scale_x·u + x, scale_y·v + y) of the patch, all
    in [-1, 1]. A window covers 1/scale_x of the canvas' width and 1/scale_y of its height. Sampling
    is bilinear with zeros outside, pixel centres as in `grid_sample(align_corners=False)`.

    Example, in a glimpser whose `where` is `(scale_x, scale_y, x, y)`:

        def read(self, image, where):
            return Windows.of(where).read(image, self.patch_shape[1:])

    Attributes:
        scale_x: positive.
        scale_y: positive.
        x: shift along the rows.
        y: shift along the columns.
    """

    scale_x: Float[Tensor, "B K"]
    scale_y: Float[Tensor, "B K"]
    x: Float[Tensor, "B K"]
    y: Float[Tensor, "B K"]

    @classmethod
    def of(cls, where: Float[Tensor, "B K 4"]) -> "Windows":
        """Windows from scales, which are kept above `MIN_SCALE`, and shifts, side by side."""
        scale_x, scale_y, x, y = where.unbind(-1)
        return cls(scale_x.clamp(min=MIN_SCALE), scale_y.clamp(min=MIN_SCALE), x, y)

    def read(
        self, image: Float[Tensor, "B C H W"], size: tuple[int, int]
    ) -> Float[Tensor, "B K C h w"]:
        """What the windows show of an image.

        Args:
            image: the image.
            size: height and width of the patches, in pixels.
        """
        (height, width), (patch_height, patch_width) = image.shape[-2:], size
        rows = bilinear(1 / self.scale_y, -self.y / self.scale_y, patch_height, height)
        columns = bilinear(1 / self.scale_x, -self.x / self.scale_x, patch_width, width)
        return look(image, rows, columns)

    def write(
        self, patches: Float[Tensor, "B K c h w"], size: tuple[int, int]
    ) -> Float[Tensor, "B K c H W"]:
        """Each patch in its window, on a canvas of its own.

        Args:
            patches: one patch per window.
            size: height and width of the canvas, in pixels.
        """
        h, w = patches.shape[-2:]
        return self.placement(size, (h, w)).write(patches)

    def placement(self, canvas: tuple[int, int], patch: tuple[int, int]) -> Placement:
        """Row and column weights by which patches are written.

        Args:
            canvas: height and width of the canvas, in pixels.
            patch: height and width of the patches, in pixels.
        """
        rows = bilinear(self.scale_y, self.y, canvas[0], patch[0])
        return Placement(rows, bilinear(self.scale_x, self.x, canvas[1], patch[1]))

    def corners(self) -> Float[Tensor, "B K 4"]:
        """`(x0, y0, x1, y1)` on the canvas, in [-1, 1] where a window lies on it."""
        left, right = (-1 - self.x) / self.scale_x, (1 - self.x) / self.scale_x
        upper, lower = (-1 - self.y) / self.scale_y, (1 - self.y) / self.scale_y
        return torch.stack([left, upper, right, lower], dim=-1)
