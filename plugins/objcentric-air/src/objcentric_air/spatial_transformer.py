"""Attention windows by a spatial transformer of scale and translation."""

from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec

MIN_SCALE = 0.1
"""A slot that is never reached may drift; a window ten canvases wide is as far as it gets."""


class SpatialTransformer(Glimpser):
    """Windows of any size and place (Jaderberg et al. 2015, arXiv:1506.02025).

    `where = (s, x, y)`: the point u of the canvas shows the point s·u + (x, y) of the patch, both
    in [-1, 1], so a window covers 1/s of the canvas and sits at -(x, y)/s. Sampling is bilinear
    with zeros outside, pixel centres as in `grid_sample(align_corners=False)`. Because such a map
    is separable, a window is read and written by two small matrix products.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("scale", "x", "y"), loc=(3.0, 0.0, 0.0), scale=(0.1, 1.0, 1.0)
    )

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K C h w"]:
        _, height, width = self.image_shape
        _, patch_height, patch_width = self.patch_shape
        scale, x, y = _split(where)
        rows = bilinear(1 / scale, -y / scale, patch_height, height)  # (B, K, h, H)
        columns = bilinear(1 / scale, -x / scale, patch_width, width)  # (B, K, w, W)
        all_rows = rearrange(rows, "b k h H -> b 1 (k h) H")  # one product for all K windows
        strips = rearrange(all_rows @ image, "b c (k h) W -> b k c h W", k=where.shape[1])
        return strips @ rearrange(columns, "b k w W -> b k 1 W w")

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K c H W"]:
        _, height, width = self.image_shape
        scale, x, y = _split(where)
        rows = bilinear(scale, y, height, patches.shape[-2])  # (B, K, H, h)
        columns = bilinear(scale, x, width, patches.shape[-1])  # (B, K, W, w)
        strips = patches @ rearrange(columns, "b k W w -> b k 1 w W")
        return rearrange(rows, "b k H h -> b k 1 H h") @ strips

    def boxes(self, where: Float[Tensor, "B K 3"]) -> Float[Tensor, "B K 4"]:
        _, height, width = self.image_shape
        scale, x, y = _split(where)
        corners = [(-1 - x) / scale, (-1 - y) / scale, (1 - x) / scale, (1 - y) / scale]
        size = where.new_tensor([width, height, width, height])
        return (torch.stack(corners, dim=-1) + 1) / 2 * size


def _split(where: Float[Tensor, "B K 3"]) -> tuple[Tensor, Tensor, Tensor]:
    scale, x, y = where.unbind(-1)
    return scale.clamp(min=MIN_SCALE), x, y


def bilinear(
    scale: Float[Tensor, "B K"], shift: Float[Tensor, "B K"], targets: int, sources: int
) -> Float[Tensor, "B K targets sources"]:
    """Weights that sample a line of `sources` pixels at `targets` points.

    Target pixel i, at v_i in [-1, 1], takes its value at scale·v_i + shift, linearly between the
    two nearest source pixels, 0 beyond them.
    """
    target = (2 * torch.arange(targets, dtype=scale.dtype, device=scale.device) + 1) / targets - 1
    point = rearrange(scale, "b k -> b k 1") * target + rearrange(shift, "b k -> b k 1")
    pixel = ((point + 1) * sources - 1) / 2
    source = torch.arange(sources, dtype=scale.dtype, device=scale.device)
    return (1 - (rearrange(pixel, "b k t -> b k t 1") - source).abs()).clamp(min=0)
