"""Masks: the share of each pixel that a slot or the background explains."""

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers


def additive_masks(
    layers: Layers, presence: Float[Tensor, "S B K"]
) -> Float[Tensor, "S B K+1 H W"]:
    """Masks of objects that add up on black: intensity is opacity.

    A pixel's intensity is that of its brightest channel. Opacities that sum to more than 1 are
    scaled down to 1; what they leave goes to the background.
    """
    brightness = reduce(layers.color, "b k c h w -> 1 b k h w", "max").clamp(0, 1)
    opacity = rearrange(presence, "s b k -> s b k 1 1") * brightness
    return with_background(opacity / opacity.sum(2, keepdim=True).clamp(min=1))


def over_masks(opacity: Float[Tensor, "S B K H W"]) -> Float[Tensor, "S B K+1 H W"]:
    """Visible opacity of objects in order of depth, the first in front."""
    transmitted = torch.cumprod(1 - opacity, dim=2)  # light that passes slots 1…k
    before = torch.cat([torch.ones_like(opacity[:, :, :1]), transmitted[:, :, :-1]], dim=2)
    return with_background(opacity * before)


def with_background(masks: Float[Tensor, "S B K H W"]) -> Float[Tensor, "S B K+1 H W"]:
    """Prepends the background's mask: what the slots' masks leave of each pixel."""
    background = (1 - masks.sum(2, keepdim=True)).clamp(min=0)
    return torch.cat([background, masks], dim=2)
