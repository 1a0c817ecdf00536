"""Pixels as a mixture over slots (`Mixture`)."""

import math
from typing import Annotated

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Likelihood

_NEVER = -1e30
"""Log-probability of what cannot be. The sum of two infinite ones would have no gradient."""


class Mixture(Likelihood):
    """Mixture over slots: p(image | slots) = Π_pixels Σ_k mask_k Π_channels N(color_k, std²)
    (MONet: Burgess et al. 2019, arXiv:1901.11390; IODINE: Greff et al. 2019, arXiv:1903.00450,
    equation 2).

    The background is one more component, with its own mask. Unlike a Gaussian around one canvas,
    the mixture rewards a slot that explains a pixel alone over slots that share it. For a single
    canvas it is a Gaussian.

    Args:
        std: standard deviation of a pixel, on the scale of intensities in [0, 1].
    """

    over_slots = True

    def __init__(self, *, std: Annotated[float, Field(gt=0)] = 0.3) -> None:
        super().__init__()
        self.std = std

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        return reduce(self._pixels(image, canvas), "s b h w -> s b", "sum")

    def mixture_log_prob(
        self,
        image: Float[Tensor, "B C H W"],
        layers: Layers,
        masks: Float[Tensor, "S B components H W"],
        background: Float[Tensor, "S B C H W"],
    ) -> Float[Tensor, "S B"]:
        joint = self._joint(image, layers, masks, background)
        return reduce(torch.logsumexp(joint, 2), "s b h w -> s b", "sum")

    def prefix_mixture_log_prob(
        self,
        image: Float[Tensor, "B C H W"],
        layers: Layers,
        shares: Float[Tensor, "B K H W"],
        background: Float[Tensor, "B C H W"],
    ) -> Float[Tensor, "canvases B"]:
        slots = self._pixels(rearrange(image, "b c h w -> b 1 c h w"), layers.color)
        joint = _log(shares) + slots
        behind = self._pixels(image, background)
        left = (1 - shares.cumsum(1)).clamp(min=0)
        drawn = torch.full_like(behind, _NEVER)
        sums = [behind]
        for slot, rest in zip(joint.unbind(1), left.unbind(1), strict=True):
            drawn = torch.logaddexp(drawn, slot)
            sums.append(torch.logaddexp(drawn, _log(rest) + behind))
        return reduce(torch.stack(sums), "canvases b h w -> canvases b", "sum")

    def responsibilities(
        self,
        image: Float[Tensor, "B C H W"],
        layers: Layers,
        masks: Float[Tensor, "S B components H W"],
        background: Float[Tensor, "S B C H W"],
    ) -> Float[Tensor, "S B components H W"]:
        return torch.softmax(self._joint(image, layers, masks, background), dim=2)

    def _joint(
        self,
        image: Float[Tensor, "B C H W"],
        layers: Layers,
        masks: Float[Tensor, "S B components H W"],
        background: Float[Tensor, "S B C H W"],
    ) -> Float[Tensor, "S B components H W"]:
        """log p(pixel, component), up to `log_constant`."""
        # A slot's density of a pixel does not depend on which slots are present.
        slots = self._pixels(rearrange(image, "b c h w -> b 1 c h w"), layers.color)
        slots = rearrange(slots, "b k h w -> 1 b k h w").expand_as(masks[:, :, 1:])
        behind = rearrange(self._pixels(image, background), "s b h w -> s b 1 h w")
        return _log(masks) + torch.cat([behind, slots], dim=2)

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * math.log(self.std * math.sqrt(2 * math.pi))

    def _pixels(
        self, image: Float[Tensor, "*#shape C H W"], color: Float[Tensor, "*#shape C H W"]
    ) -> Float[Tensor, "*shape H W"]:
        """Log-probability of each pixel, up to `log_constant`."""
        error = reduce((image - color).square(), "... c h w -> ... h w", "sum")
        return -error / (2 * self.std**2)


def _log(masks: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """log, and `_NEVER` without a gradient where a mask is 0."""
    there = masks > torch.finfo(masks.dtype).tiny
    return torch.where(there, torch.where(there, masks, 1.0).log(), _NEVER)
