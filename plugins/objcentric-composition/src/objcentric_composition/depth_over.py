"""Occlusion in order of depth (`DepthOver`)."""

import torch
from einops import einsum, rearrange
from jaxtyping import Bool, Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.masks import with_background


class DepthOver(Compositor):
    """Alpha compositing in order of depth: at each pixel, the nearer object is in front.

        canvas = Σ_k a_k color_k Π_{j nearer than k} (1 - a_j),  a_k = presence_k · alpha_k

    The order of slots matters only between objects of equal depth, of which the first is in front.
    Depth itself has no gradient. It is black behind all objects. Relaxed presence scales an
    object's opacity.

    Raises:
        ValueError: the layers have no alpha or no depth. (Recipes where nothing draws them do not
            load.)
    """

    needs = frozenset({"alpha", "depth"})
    offers = frozenset({"alpha compositing"})

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return einsum(_visible(layers, presence), layers.color, "s b k h w, b k c h w -> s b c h w")

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        return with_background(_visible(layers, presence))


def _visible(layers: Layers, presence: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K H W"]:
    """Each object's opacity, as far as nearer objects let it pass."""
    if layers.alpha is None or layers.depth is None:
        raise ValueError(
            "DepthOver needs layers with alpha and depth, but these have none; use a renderer that "
            "knows how far away objects are"
        )
    alpha = rearrange(layers.alpha, "b k 1 h w -> b k h w")
    opacity = rearrange(presence, "s b k -> s b k 1 1") * alpha
    visible = opacity
    for j, nearer in enumerate(_nearer(layers.depth)):
        visible = visible * (1 - opacity[:, :, j : j + 1] * nearer)
    return visible


def _nearer(depth: Float[Tensor, "B K 1 H W"]) -> Bool[Tensor, "J B K H W"]:
    """Whether slot j is in front of slot k at a pixel."""
    depth = rearrange(depth, "b k 1 h w -> b k h w")
    slots = torch.arange(depth.shape[1], device=depth.device)
    earlier = rearrange(slots, "j -> j 1 1 1 1") < rearrange(slots, "k -> k 1 1")
    other = rearrange(depth, "b j h w -> j b 1 h w")
    return (other < depth) | ((other == depth) & earlier)
