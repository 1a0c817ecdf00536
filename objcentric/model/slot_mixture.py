"""Pixels as a mixture over slots: likelihood and masks (`SlotMixture`)."""

from dataclasses import dataclass

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor, Likelihood

NEVER = -1e30
"""Log-probability of what cannot be. The sum of two infinite ones would have no gradient."""


@dataclass(frozen=True)
class SlotMixture:
    """p(image | layers, presence) = Π_pixels Σ_k mask_k p(pixel | color_k), up to a constant.

    The background is one of the components, the first.

    Attributes:
        likelihood: density of a pixel given a colour (`Likelihood.pixel_log_prob`).
        compositor: the share of each pixel that is each component's, before the pixel is seen.
        image: intensities in [0, 1].
        layers: the K objects in their places.
    """

    likelihood: Likelihood
    compositor: Compositor
    image: Float[Tensor, "B C H W"]
    layers: Layers

    def log_prob(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Of S presence codes."""
        return reduce(torch.logsumexp(self._joint(codes), 2), "s b h w -> s b", "sum")

    def prefix_log_prob(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Of the first 0, 1, …, K objects, whose codes are given; in one pass over the objects
        where the masks of earlier ones stay as they are."""
        shares = self.compositor.prefix_shares(self.layers)
        if shares is None:
            return self.log_prob(codes)
        behind = self._behind(codes[:1])[0]
        slots = _log(rearrange(shares, "b k h w -> k b h w")) + self._slots()
        left = (1 - shares.cumsum(1)).clamp(min=0).unbind(1)
        drawn = torch.full_like(behind, NEVER)
        sums = [behind]
        for slot, rest in zip(slots, left, strict=True):
            drawn = torch.logaddexp(drawn, slot)
            sums.append(torch.logaddexp(drawn, _log(rest) + behind))
        return reduce(torch.stack(sums), "canvases b h w -> canvases b", "sum")

    def masks(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K+1 H W"]:
        """The posterior share of each pixel, p(component | pixel) ∝ mask_k p(pixel | color_k).

        Near an edge the pixel's colour says whose it is, which what was drawn only guesses.
        """
        return torch.softmax(self._joint(codes), dim=2)

    def _joint(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K+1 H W"]:
        """log p(pixel, component)."""
        masks = self.compositor.masks(self.layers, codes)
        # A slot's density of a pixel does not depend on which slots are present.
        slots = rearrange(self._slots(), "k b h w -> 1 b k h w").expand_as(masks[:, :, 1:])
        behind = rearrange(self._behind(codes), "s b h w -> s b 1 h w")
        return _log(masks) + torch.cat([behind, slots], dim=2)

    def _slots(self) -> Float[Tensor, "K B H W"]:
        colors = rearrange(self.layers.color, "b k c h w -> k b c h w")
        return self.likelihood.pixel_log_prob(self.image, colors)

    def _behind(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B H W"]:
        background = self.compositor(self.layers, torch.zeros_like(codes))
        return self.likelihood.pixel_log_prob(self.image, background)


def _log(masks: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """log, and `NEVER` without a gradient where a mask is 0."""
    there = masks > torch.finfo(masks.dtype).tiny
    return torch.where(there, torch.where(there, masks, 1.0).log(), NEVER)
