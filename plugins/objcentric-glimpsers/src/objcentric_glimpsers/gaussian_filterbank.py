"""Attention through a grid of Gaussian filters (`GaussianFilterbank`)."""

import math
from dataclasses import replace
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.separable import look
from objcentric.blocks.window_prior import Share, Spread
from objcentric.blocks.windows import MIN_SCALE
from objcentric.interfaces import Glimpser
from objcentric.placed import Placement
from objcentric.scene import RequestedScene, WhereSpec

UNIT = 1 / 3
"""A step of 1 in x, y or log_stride, in the paper's units."""

MIN_STD = 0.5
"""In pixels. Narrower filters would fall between pixels, and their weights no longer sum to 1."""

MAX_CENTRE = 3.0
"""A slot that is never reached may drift; one canvas beyond the border is as far as it gets."""

MIN_LOG_STRIDE = -7.0
"""For the same reason. Filters a thousandth of the canvas apart already see a single pixel."""


class GaussianFilterbank(Glimpser):
    """DRAW's attention through a grid of Gaussian filters (Gregor et al. 2015, arXiv:1502.04623,
    section 3.2).

    `where = (x, y, log_stride, log_variance)`. On a canvas of W×H pixels, n×n filters lie around a
    centre g with a stride of δ pixels. Each weighs the pixels by a Gaussian:

        g_x = (W + 1)/2 · (x/3 + 1),  g_y = (H + 1)/2 · (y/3 + 1)
        δ   = (max(W, H) - 1)/(n - 1) · exp(log_stride/3)
        μ_i = g + (i - n/2 - 1/2) δ,  i = 1 … n
        F[i, a] = exp(-(a - μ_i)²/(2 σ²)) / Z,  σ² = exp(log_variance)

    The thirds are not in the paper. Windows are about a third of the canvas, so a step of 1 now
    moves a window by half its size, as it does for other glimpsers. The initial noise of a
    scheduler's `where` then has the same effect. In the paper's units it moved windows three times
    as far, and on multi-MNIST two steps shared each digit.

    A window is read as F_y · image · F_xᵀ and written as γ · F_yᵀ · patch · F_x. DRAW learns the
    intensity γ. Here γ is the area δ² of a filter's cell, so that what is read at a place is
    written back there equally bright, unless the filters are further apart than they are wide. Z is
    that of an infinite row of pixels, σ√(2π), so that there are zeros beyond the border, as for
    other glimpsers. A bilinear window has no gradient from what lies beside it. The tails of these
    filters do, as far as σ reaches.

    Args:
        scene: sizes of the scene.
        window: expected side of the grid of filters, as a fraction of the canvas, in (0, 1].
        window_sd: standard deviation of the logarithm of that side, in (0, 1).
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("x", "y", "log_stride", "log_variance"),
        loc=(0.0, 0.0, -math.log(3.0) / UNIT, 0.0),
        scale=(1.5, 1.5, 0.3, 0.5),
    )

    def __init__(
        self, scene: RequestedScene, *, window: Share = 1 / 3, window_sd: Spread = 0.1
    ) -> None:
        super().__init__(scene)
        self.window = window
        self.window_sd = window_sd

    @property
    def where(self) -> WhereSpec:
        log_stride = -math.log(1 / self.window) / UNIT
        return replace(
            self.where_spec,
            loc=(0.0, 0.0, log_stride, 0.0),
            scale=(1.5, 1.5, self.window_sd / UNIT, 0.5),
        )

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K C h w"]:
        _, rows, columns = self._filterbanks(where)
        return look(image, rows, columns)

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K c H W"]:
        h, w = patches.shape[-2:]
        return self.placement(where, (h, w)).write(patches)

    def placement(self, where: Float[Tensor, "B K 4"], size: tuple[int, int]) -> Placement:
        stride, rows, columns = self._filterbanks(where)
        stride = rearrange(stride, "b k -> b k 1 1")
        transposed = "b k filter pixel -> b k pixel filter"
        return Placement(
            stride * rearrange(rows, transposed), stride * rearrange(columns, transposed)
        )

    def boxes(self, where: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        """Boxes of the grid, one cell per filter; the filters themselves reach further."""
        _, patch_height, patch_width = self.patch_shape
        x, y, stride, _ = self._split(where)
        reach_x, reach_y = stride * patch_width / 2, stride * patch_height / 2
        # Pixel 1 lies between the edges 0 and 1.
        x, y = x - 0.5, y - 0.5
        return torch.stack([x - reach_x, y - reach_y, x + reach_x, y + reach_y], dim=-1)

    def _filterbanks(self, where: Float[Tensor, "B K 4"]) -> tuple[Tensor, Tensor, Tensor]:
        """Stride, F_y `(B, K, h, H)` and F_x `(B, K, w, W)`."""
        _, height, width = self.image_shape
        _, patch_height, patch_width = self.patch_shape
        x, y, stride, std = self._split(where)
        rows = gaussian_filters(y, stride, std, patch_height, height)
        return stride, rows, gaussian_filters(x, stride, std, patch_width, width)

    def _split(self, where: Float[Tensor, "B K 4"]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Centre, stride and standard deviation, in pixels."""
        _, height, width = self.image_shape
        x, y, log_stride, log_variance = where.unbind(-1)
        x, y, log_stride = UNIT * x, UNIT * y, UNIT * log_stride
        x, y = x.clamp(-MAX_CENTRE, MAX_CENTRE), y.clamp(-MAX_CENTRE, MAX_CENTRE)
        reach = max(height, width)
        stride = log_stride.clamp(MIN_LOG_STRIDE, -math.log(MIN_SCALE)).exp()
        stride = stride * (reach - 1) / max(self.patch_shape[-1] - 1, 1)
        std = (log_variance / 2).clamp(math.log(MIN_STD), math.log(reach)).exp()
        return (width + 1) / 2 * (x + 1), (height + 1) / 2 * (y + 1), stride, std


def gaussian_filters(
    centre: Float[Tensor, "B K"],
    stride: Float[Tensor, "B K"],
    std: Float[Tensor, "B K"],
    filters: int,
    pixels: int,
) -> Float[Tensor, "B K filters pixels"]:
    """The weight of every pixel, counted from 1, in every filter of one row or column."""
    index = torch.arange(1, filters + 1, dtype=centre.dtype, device=centre.device)
    pixel = torch.arange(1, pixels + 1, dtype=centre.dtype, device=centre.device)
    steps = rearrange(stride, "b k -> b k 1") * (index - filters / 2 - 0.5)
    means = rearrange(centre, "b k -> b k 1") + steps  # (B, K, filters)
    distance = pixel - rearrange(means, "b k f -> b k f 1")
    std = rearrange(std, "b k -> b k 1 1")
    return (-(distance / std).square() / 2).exp() / (std * math.sqrt(2 * math.pi))
