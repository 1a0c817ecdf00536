"""Slots that compete for pixels (`Softmax`)."""

import torch
from einops import einsum, rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor

MAX_LEAD = 80.0
"""exp of a larger lead overflows; only the gradient of an absent slot's presence notices."""


class Softmax(Compositor):
    """Each slot's share of a pixel is a softmax over slots (Locatello et al. 2020,
    arXiv:2006.15055; the mixture weights of MONet, arXiv:1901.11390, and of IODINE):

        canvas = Σ_k m_k color_k,  m_k = presence_k exp(logit_k) / Σ_j presence_j exp(logit_j)

    There is no background: present slots explain everything. With nobody present the canvas is
    black. To let a background compete, use `Backed`, in which its logit is 0.

    Raises:
        ValueError: the layers have no mask logits (a recipe with such a decoder is refused when
            loaded).
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
    """Adds up to 1 over the slots, or to 0 where nobody is present."""
    if layers.mask_logits is None:
        raise ValueError("Softmax needs layers with mask logits, and the decoder draws none")
    logits = rearrange(layers.mask_logits, "b k 1 h w -> 1 b k h w")
    present = rearrange(presence, "s b k -> s b k 1 1")
    with torch.no_grad():  # shares do not depend on what is subtracted from all logits
        highest = (logits + present.log()).amax(2, keepdim=True)
        highest = highest.masked_fill(highest == -torch.inf, 0.0)
    claims = present * (logits - highest).clamp(max=MAX_LEAD).exp()
    total = claims.sum(2, keepdim=True)
    return claims / torch.where(total > 0, total, 1.0)
