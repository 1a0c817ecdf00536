"""Attention windows of any width and height."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.separable import bilinear, look, place
from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec
from objcentric_air.spatial_transformer import MIN_SCALE


class Anisotropic(Glimpser):
    """A spatial transformer that scales x and y apart (Jaderberg et al. 2015, arXiv:1506.02025).

    `where = (sx, sy, x, y)`: the point (u, v) of the canvas shows the point (sx·u + x, sy·v + y) of
    the patch, all in [-1, 1]. A window covers 1/sx of the canvas' width and 1/sy of its height, and
    sits at (-x/sx, -y/sy). Sampling is bilinear with zeros outside, pixel centres as in
    `grid_sample(align_corners=False)`.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("scale_x", "scale_y", "x", "y"),
        loc=(3.0, 3.0, 0.0, 0.0),
        scale=(0.1, 0.1, 1.0, 1.0),
    )

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K C h w"]:
        _, height, width = self.image_shape
        _, patch_height, patch_width = self.patch_shape
        scale_x, scale_y, x, y = _split(where)
        rows = bilinear(1 / scale_y, -y / scale_y, patch_height, height)
        columns = bilinear(1 / scale_x, -x / scale_x, patch_width, width)
        return look(image, rows, columns)

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K c H W"]:
        _, height, width = self.image_shape
        scale_x, scale_y, x, y = _split(where)
        rows = bilinear(scale_y, y, height, patches.shape[-2])
        columns = bilinear(scale_x, x, width, patches.shape[-1])
        return place(patches, rows, columns)

    def boxes(self, where: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        scale_x, scale_y, x, y = _split(where)
        corners = [(-1 - x) / scale_x, (-1 - y) / scale_y, (1 - x) / scale_x, (1 - y) / scale_y]
        return self.in_pixels(torch.stack(corners, dim=-1))


def _split(where: Float[Tensor, "B K 4"]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    scale_x, scale_y, x, y = where.unbind(-1)
    return scale_x.clamp(min=MIN_SCALE), scale_y.clamp(min=MIN_SCALE), x, y
