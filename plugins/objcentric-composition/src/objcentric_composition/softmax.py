"""Slots that compete for pixels (`Softmax`)."""

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor

MAX_LEAD = 80.0
"""exp of a larger difference overflows. The cap changes only the gradient of absent slots."""


class Softmax(Compositor):
    """Slots compete for pixels: a softmax over the slots gives each one's share (Locatello et al.
    2020, arXiv:2006.15055).

        canvas = Σ_k m_k color_k,  m_k = presence_k exp(logit_k) / Σ_j presence_j exp(logit_j)

    The shares are the mixture weights of MONet (arXiv:1901.11390) and IODINE. There is no
    background: present slots explain everything. If no slot is present, the canvas is black. To let
    a background compete, use `Backed`, where its logit is 0.

    Raises:
        ValueError: the layers have no mask logits. (Recipes with such a decoder do not load.)
    """

    needs = frozenset({"mask logits"})
    offers = frozenset({"competition"})

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        shares = _shares(layers, presence)
        return einsum(shares, layers.color, "s b k h w, b k c h w -> s b c h w")

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        shares = _shares(layers, presence)
        nobody = rearrange((presence <= 0).all(-1), "s b -> s b 1 1 1").to(shares.dtype)
        return torch.cat([nobody.expand_as(shares[:, :, :1]), shares], dim=2)


def _shares(layers: Layers, presence: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K H W"]:
    """The slots' shares of each pixel. They add up to 1, or to 0 if no slot is present."""
    if layers.mask_logits is None:
        raise ValueError(
            "Softmax needs layers with mask logits, but the decoder draws none; "
            "use a decoder that does, such as appearance.masked_decoder"
        )
    logits = rearrange(layers.mask_logits, "b k 1 h w -> 1 b k h w")
    present = rearrange(presence, "s b k -> s b k 1 1")
    with torch.no_grad():  # shares do not depend on what is subtracted from all logits
        highest = (logits + present.log()).amax(2, keepdim=True)
        highest = highest.masked_fill(highest == -torch.inf, 0.0)
    claims = present * (logits - highest).clamp(max=MAX_LEAD).exp()
    total = claims.sum(2, keepdim=True)
    return claims / torch.where(total > 0, total, 1.0)
