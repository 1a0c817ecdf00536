"""Occlusion by alpha compositing (`Over`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.masks import over_masks


class Over(Compositor):
    """Alpha compositing by the "over" operator, with the first slot in front (Porter & Duff 1984).

        canvas = Σ_k a_k color_k Π_{j<k} (1 - a_j),  a_k = presence_k · alpha_k

    It is black behind the last slot. Relaxed presence scales an object's opacity.

    Raises:
        ValueError: the layers have no alpha. (Recipes with such a decoder do not load.)
    """

    needs = frozenset({"alpha"})
    offers = frozenset({"alpha compositing"})

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return composed(_opacity(layers, presence), layers.color)

    def prefixes(
        self, layers: Layers, behind: Float[Tensor, "B C H W"] | None = None
    ) -> Float[Tensor, "canvases B C H W"]:
        canvas = layers.black if behind is None else behind
        uncovered = torch.ones_like(canvas[:, :1])
        canvases = [canvas]
        # From front to back: each object covers what is behind it where nothing covers the object.
        for a, c in zip(_alpha(layers).unbind(1), layers.color.unbind(1), strict=True):
            canvas = canvas + uncovered * a * (c if behind is None else c - behind)
            canvases.append(canvas)
            uncovered = uncovered * (1 - a)
        return torch.stack(canvases)

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        return over_masks(_opacity(layers, presence))

    def prefix_shares(self, layers: Layers) -> Float[Tensor, "B K H W"]:
        return over_masks(rearrange(_alpha(layers), "b k 1 h w -> 1 b k h w"))[0, :, 1:]


def composed(
    opacity: Float[Tensor, "S B K H W"], color: Float[Tensor, "B K C H W"]
) -> Float[Tensor, "S B C H W"]:
    """The canvas of objects in order of depth, the first in front."""
    opacity = rearrange(opacity, "s b k h w -> k s b 1 h w")
    color = rearrange(color, "b k c h w -> k 1 b c h w")
    # From back to front. A cumulative product from the front would have to wait for the device to
    # get its gradient where an opacity is exactly 1.
    canvas = opacity[-1] * color[-1]
    for a, c in zip(opacity[:-1].flip(0), color[:-1].flip(0), strict=True):
        canvas = (1 - a) * canvas + a * c
    return canvas


def _opacity(layers: Layers, presence: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K H W"]:
    alpha = rearrange(_alpha(layers), "b k 1 h w -> 1 b k h w")
    return rearrange(presence, "s b k -> s b k 1 1") * alpha


def _alpha(layers: Layers) -> Float[Tensor, "B K 1 H W"]:
    if layers.alpha is None:
        raise ValueError(
            "Over needs layers with alpha, but the decoder draws none; "
            "use a decoder that does, such as appearance.alpha_decoder"
        )
    return layers.alpha
