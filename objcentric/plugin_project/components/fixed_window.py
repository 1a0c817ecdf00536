"""A glimpser whose windows move but never change their size (`FixedWindow`)."""

from typing import Annotated, ClassVar

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Glimpser
from objcentric.scene import RequestedScene, WhereSpec


class FixedWindow(Glimpser):
    """Square windows of one size, for scenes whose objects are all about as large.

    `where = (x, y)` is a window's centre; -1 and 1 are the borders of the image.

    Args:
        scene: sizes of the scene.
        size: side of a window, in pixels of the image.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(names=("x", "y"), loc=(0.0, 0.0), scale=(0.4, 0.4))

    def __init__(
        self, scene: RequestedScene, *, size: Annotated[float, Field(gt=0)] = 24.0
    ) -> None:
        super().__init__(scene)
        _, height, width = self.image_shape
        self.size = size
        self.share = (size / width, size / height)

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 2"]
    ) -> Float[Tensor, "B K C h w"]:
        images = repeat(image, "b c h w -> (b k) c h w", k=where.shape[1])
        glimpses = _sample(images, where.new_tensor(self.share), where, self.patch_shape[1:])
        return rearrange(glimpses, "(b k) c h w -> b k c h w", k=where.shape[1])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 2"]
    ) -> Float[Tensor, "B K c H W"]:
        zoom = 1 / where.new_tensor(self.share)
        flat = rearrange(patches, "b k c h w -> (b k) c h w")
        layers = _sample(flat, zoom, -zoom * where, self.image_shape[1:])
        return rearrange(layers, "(b k) c h w -> b k c h w", k=where.shape[1])

    def boxes(self, where: Float[Tensor, "B K 2"]) -> Float[Tensor, "B K 4"]:
        half = where.new_tensor(self.share)
        return self.in_pixels(torch.cat([where - half, where + half], dim=-1))


def _sample(
    images: Float[Tensor, "N c h w"],
    zoom: Float[Tensor, "2"],
    shift: Float[Tensor, "B K 2"],
    size: tuple[int, ...],
) -> Float[Tensor, "N c H W"]:
    """The point u of the result, in [-1, 1], shows the point zoom·u + shift of an image."""
    offset = rearrange(shift, "b k xy -> (b k) xy 1")
    theta = torch.cat([torch.diag(zoom).expand(len(offset), 2, 2), offset], dim=-1)
    grid = F.affine_grid(theta, [len(images), images.shape[1], *size], align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)
