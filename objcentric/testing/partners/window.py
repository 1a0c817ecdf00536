"""A glimpser of windows with a centre and a size."""

import math
from typing import ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec

FAR, SMALLEST, LARGEST = 100.0, 0.05, 20.0
"""Largest coordinate of a centre; smallest and largest half side of a window; in half canvases."""


class Window(Glimpser):
    """`where = (x, y, log_size)`: the window's centre on the canvas, in [-1, 1], and the logarithm
    of its side as a share of the canvas' side. Sampling is bilinear with zeros outside."""

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("x", "y", "log_size"), loc=(0.0, 0.0, math.log(0.4)), scale=(0.5, 0.5, 0.2)
    )

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K C h w"]:
        centre, size = _split(where, image.dtype)
        images = repeat(image, "b c h w -> (b k) c h w", k=where.shape[1])
        return _sampled(images, size, centre, self.patch_shape[1:], where.shape[1])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K c H W"]:
        centre, size = _split(where, patches.dtype)
        flat = rearrange(patches, "b k c h w -> (b k) c h w")
        return _sampled(flat, 1 / size, -centre / size, self.image_shape[1:], where.shape[1])

    def boxes(self, where: Float[Tensor, "B K 3"]) -> Float[Tensor, "B K 4"]:
        centre, size = _split(where, where.dtype)
        _, height, width = self.image_shape
        corners = torch.cat([centre - size, centre + size], dim=-1)
        return (corners + 1) / 2 * where.new_tensor([width, height, width, height])


def _split(where: Float[Tensor, "B K 3"], dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    centre, log_size = where.to(dtype).split([2, 1], dim=-1)
    size = log_size.clamp(math.log(SMALLEST), math.log(LARGEST)).exp()
    return centre.clamp(-FAR, FAR), size


def _sampled(
    source: Float[Tensor, "N c rows columns"],
    scale: Float[Tensor, "B K 1"],
    shift: Float[Tensor, "B K 2"],
    shape: tuple[int, ...],
    slots: int,
) -> Float[Tensor, "B K c h w"]:
    """Point u of the result is point scale·u + shift of the source, both in [-1, 1]."""
    diagonal = torch.diag_embed(scale.expand(*shift.shape))
    matrix = torch.cat([diagonal, rearrange(shift, "b k xy -> b k xy 1")], dim=-1)
    matrix = rearrange(matrix, "b k row column -> (b k) row column")
    grid = F.affine_grid(matrix, [*source.shape[:2], *shape], align_corners=False)
    sampled = F.grid_sample(source, grid, align_corners=False)
    return rearrange(sampled, "(b k) c h w -> b k c h w", k=slots)
