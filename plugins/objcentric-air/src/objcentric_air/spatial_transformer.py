"""Attention windows with a scale and a translation (`SpatialTransformer`)."""

from typing import ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.blocks.separable import bilinear, centres
from objcentric.blocks.window_prior import Share, Spread, WindowPrior
from objcentric.blocks.windows import MIN_SCALE
from objcentric.interfaces import Glimpser
from objcentric.placed import Placement
from objcentric.scene import RequestedScene, WhereSpec


class SpatialTransformer(Glimpser):
    """Spatial transformer with one scale and a translation (Jaderberg et al. 2015,
    arXiv:1506.02025).

    `where = (s, x, y)`: the point u of the canvas shows the point s·u + (x, y) of the patch, both
    in [-1, 1]. A window therefore covers 1/s of the canvas and is centred at -(x, y)/s. Sampling
    is bilinear with zeros outside, pixel centres as in `grid_sample(align_corners=False)`.

    Reading uses `grid_sample`, since windows are small. Writing with it would sample K whole
    canvases per image. The map is separable, so two small matrix products do the same at less cost.

    Args:
        scene: sizes of the scene.
        window: expected side of a window, as a fraction of the canvas, in (0, 1].
        window_sd: standard deviation of the scale as a fraction of its mean, in (0, 1).
    """

    where_spec: ClassVar[WhereSpec] = WindowPrior().spec("scale")

    def __init__(
        self, scene: RequestedScene, *, window: Share = 1 / 3, window_sd: Spread = 1 / 30
    ) -> None:
        super().__init__(scene)
        self.prior = WindowPrior(window, window_sd)

    @property
    def where(self) -> WhereSpec:
        return self.prior.spec("scale")

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K C h w"]:
        _, h, w = self.patch_shape
        scale, x, y = _split(where)
        across = (centres(w, where) - rearrange(x, "b k -> b k 1")) / rearrange(
            scale, "b k -> b k 1"
        )
        down = (centres(h, where) - rearrange(y, "b k -> b k 1")) / rearrange(scale, "b k -> b k 1")
        # All K windows of an image are sampled as one tall window.
        across = repeat(across, "b k w -> b (k h) w", h=h)
        down = repeat(down, "b k h -> b (k h) w", w=w)
        grid = torch.stack([across, down], dim=-1).to(image.dtype)
        glimpses = F.grid_sample(image, grid, align_corners=False)
        return rearrange(glimpses, "b c (k h) w -> b k c h w", h=h)

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 3"]
    ) -> Float[Tensor, "B K c H W"]:
        h, w = patches.shape[-2:]
        return self.placement(where, (h, w)).write(patches)

    def placement(self, where: Float[Tensor, "B K 3"], size: tuple[int, int]) -> Placement:
        _, height, width = self.image_shape
        scale, x, y = _split(where)
        return Placement(bilinear(scale, y, height, size[0]), bilinear(scale, x, width, size[1]))

    def boxes(self, where: Float[Tensor, "B K 3"]) -> Float[Tensor, "B K 4"]:
        scale, x, y = _split(where)
        corners = [(-1 - x) / scale, (-1 - y) / scale, (1 - x) / scale, (1 - y) / scale]
        return self.in_pixels(torch.stack(corners, dim=-1))


def _split(where: Float[Tensor, "B K 3"]) -> tuple[Tensor, Tensor, Tensor]:
    scale, x, y = where.unbind(-1)
    return scale.clamp(min=MIN_SCALE), x, y
