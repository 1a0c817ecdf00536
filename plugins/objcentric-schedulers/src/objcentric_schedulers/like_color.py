"""Groups of pixels of like colour (`LikeColor`)."""

from dataclasses import dataclass

import torch
from einops import einsum, rearrange, reduce
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.blocks.saliency import Saliency, peak
from objcentric.blocks.separable import centres
from objcentric_schedulers.groups import TINY, Groups, in_one_piece, middle

HALF = 0.5
"""Likeness from which a pixel may lead on to the next one."""


@dataclass(frozen=True)
class LikeColor:
    """Parts images into groups of like colour, one after another; `ColorGroups` says how.

    Attributes:
        likeness: distance of colours at which a pixel's share has fallen to 0.61.
        shade: the darkest shade of a colour that still counts as the same colour, as a factor.
        blur: full width of the Hann window that blurs, in windows.
        reach: how far from its seed a group takes pixels, in windows.
        connected: whether a group is in one piece.
    """

    likeness: float
    shade: float
    blur: float
    reach: float
    connected: bool

    def groups(
        self, foreground: Float[Tensor, "B C H W"], window: Float[Tensor, "2"], n: int
    ) -> Groups:
        """n groups of each image, in the order of their seeds.

        Args:
            foreground: the images minus what is behind all objects.
            window: width and height of a usual window, in pixels.
            n: how many groups are formed.
        """
        saliency = Saliency.of(foreground, window, self.blur, 1.0)
        intensity = reduce(foreground.abs(), "b c h w -> b h w", "mean")
        free = 1 - self._likeness(foreground)  # the background has its pixels first
        shares, places, heights = [], [], []
        for _ in range(n):
            seed, height = peak(free * saliency.blurred(free * intensity))
            share = free * self._alike(foreground, seed, window)
            free = free - share
            shares.append(share)
            places.append(middle(share * intensity, seed))
            heights.append(height)
        return Groups(torch.stack(shares, 1), torch.stack(places, 1), torch.cat(heights, 1))

    def _alike(
        self, foreground: Float[Tensor, "B C H W"], seed: Float[Tensor, "B 2"], window: Tensor
    ) -> Float[Tensor, "B H W"]:
        """How much each pixel within reach of a seed is like it in colour, in [0, 1]."""
        color = F.grid_sample(
            foreground, rearrange(seed, "b xy -> b 1 1 xy"), mode="nearest", align_corners=False
        )
        x, y = rearrange(seed, "b xy -> xy b 1")
        height, width = foreground.shape[-2:]
        across, down = (2 * self.reach * window.to(seed.dtype)).unbind()
        columns = ((centres(width, seed) - x).abs() * width <= across).to(seed.dtype)
        rows = ((centres(height, seed) - y).abs() * height <= down).to(seed.dtype)
        near = einsum(rows, columns, "b h, b w -> b h w")
        # The shade of the seed's colour that is most like the pixel.
        shade = _dot(foreground, color) / (_dot(color, color) + TINY)
        shade = shade.clamp(self.shade, 1 / self.shade)
        alike = near * self._likeness(foreground - shade * color)
        return alike * in_one_piece(alike > HALF, seed) if self.connected else alike

    def _likeness(self, difference: Float[Tensor, "B C H W"]) -> Float[Tensor, "B H W"]:
        squared = reduce(difference.square(), "b c h w -> b h w", "sum")
        return torch.exp(-squared / (2 * self.likeness**2))


def _dot(
    one: Float[Tensor, "B C #H #W"], other: Float[Tensor, "B C #H #W"]
) -> Float[Tensor, "B 1 _ _"]:
    """The products of the colours of two images; an image of one pixel fits any other."""
    return reduce(one * other, "b c h w -> b 1 h w", "sum")
