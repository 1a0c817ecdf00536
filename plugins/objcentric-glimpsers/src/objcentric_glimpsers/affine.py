"""Attention windows that turn (`Affine`)."""

from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.blocks.separable import centres
from objcentric.blocks.window_prior import Share, Spread, WindowPrior
from objcentric.blocks.windows import MIN_SCALE
from objcentric.interfaces import Glimpser
from objcentric.scene import RequestedScene, WhereSpec

ANGLE_SCALE = 0.3
"""Standard deviation of the angle's default prior, in radians: objects are roughly upright."""


def _turning(where: WhereSpec) -> WhereSpec:
    """The coordinates of a window, and its angle."""
    return WhereSpec((*where.names, "angle"), (*where.loc, 0.0), (*where.scale, ANGLE_SCALE))


class Affine(Glimpser):
    """Spatial transformer with scale, translation and rotation (Jaderberg et al. 2015,
    arXiv:1506.02025).

    `where = (s, x, y, angle)`: the point u of the canvas shows the point s·R⁻¹(u - c) of the patch,
    both in [-1, 1]. Here c = -(x, y)/s is the window's centre, and R turns by `angle` radians from
    the x axis towards the y axis, which is clockwise on a screen. The rotation is one in pixels, so
    shapes keep their form even if the canvas is not square. With angle 0 this is
    `SpatialTransformer` (with `stretch`, `Anisotropic`). Sampling is bilinear with zeros outside,
    as in `grid_sample(align_corners=False)`.

    Args:
        scene: sizes of the scene.
        stretch: whether each axis has its own scale: `where = (sx, sy, x, y, angle)`. The axes are
            those of the window and turn with it.
        window: expected side of a window, as a fraction of the canvas, in (0, 1].
        window_sd: standard deviation of each scale as a fraction of its mean, in (0, 1).
    """

    where_spec: ClassVar[WhereSpec] = _turning(WindowPrior().spec("scale"))

    def __init__(
        self,
        scene: RequestedScene,
        *,
        stretch: bool = False,
        window: Share = 1 / 3,
        window_sd: Spread = 1 / 30,
    ) -> None:
        super().__init__(scene)
        self.stretch = stretch
        self.prior = WindowPrior(window, window_sd)

    @property
    def where(self) -> WhereSpec:
        scales = ("scale_x", "scale_y") if self.stretch else ("scale",)
        return _turning(self.prior.spec(*scales))

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K C h w"]:
        scale, centre, angle = self._split(where)
        _, height, width = self.patch_shape
        points = self._turn(_pixel_centres(height, width, where) / scale, angle) + centre
        grid = rearrange(points, "b k h w xy -> b (k h) w xy")  # one sampling for all K windows
        return rearrange(_sample(image, grid), "b c (k h) w -> b k c h w", k=where.shape[1])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K c H W"]:
        scale, centre, angle = self._split(where)
        _, height, width = self.image_shape
        points = self._turn(_pixel_centres(height, width, where) - centre, -angle) * scale
        grid = rearrange(points, "b k h w xy -> (b k) h w xy")
        layers = _sample(rearrange(patches, "b k c h w -> (b k) c h w"), grid)
        return rearrange(layers, "(b k) c h w -> b k c h w", k=where.shape[1])

    def boxes(self, where: Float[Tensor, "B K D"]) -> Float[Tensor, "B K 4"]:
        """Bounding boxes of the turned windows."""
        scale, centre, angle = self._split(where)
        right, down = (1 / scale).unbind(-1)
        corner = torch.stack(
            [torch.stack([right, down], -1), torch.stack([right, -down], -1)], dim=-2
        )
        reach = self._turn(corner, rearrange(angle, "... -> ... 1")).abs().amax(-2)
        corners = rearrange(torch.cat([centre - reach, centre + reach], -1), "b k 1 1 d -> b k d")
        return self.in_pixels(corners)

    def _split(self, where: Float[Tensor, "B K D"]) -> tuple[Tensor, Tensor, Tensor]:
        """Scale and centre, both as (x, y), and angle; shaped to broadcast over pixels."""
        scale, shift, angle = where.split([where.shape[-1] - 3, 2, 1], dim=-1)
        scale = scale.clamp(min=MIN_SCALE).expand(shift.shape)
        spread = "b k d -> b k 1 1 d"
        return (
            rearrange(scale, spread),
            rearrange(-shift / scale, spread),
            rearrange(angle, "b k 1 -> b k 1 1"),
        )

    def _turn(
        self, points: Float[Tensor, "*#shape 2"], angle: Float[Tensor, "*#shape"]
    ) -> Float[Tensor, "*shape 2"]:
        """Rotates canvas points about the middle, by an angle measured in pixel coordinates."""
        _, height, width = self.image_shape
        x, y = points.unbind(-1)
        sin, cos = torch.sin(angle), torch.cos(angle)
        turned = [cos * x - sin * y * (height / width), sin * x * (width / height) + cos * y]
        return torch.stack(turned, dim=-1)


def _pixel_centres(height: int, width: int, like: Tensor) -> Float[Tensor, "height width 2"]:
    """The (x, y) of every pixel's centre, in [-1, 1]."""
    return torch.stack(
        torch.meshgrid(centres(width, like), centres(height, like), indexing="xy"), dim=-1
    )


def _sample(
    source: Float[Tensor, "N c rows columns"], grid: Float[Tensor, "N h w 2"]
) -> Float[Tensor, "N c h w"]:
    # Positions keep their precision, even where autocast has made the pixels bfloat16.
    return F.grid_sample(source.to(grid.dtype), grid, align_corners=False)
