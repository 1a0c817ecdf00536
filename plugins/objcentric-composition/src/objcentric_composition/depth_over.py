"""Occlusion in order of depth (`DepthOver`)."""

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor
from objcentric.masks import over_masks
from objcentric_composition.over import composed


class DepthOver(Compositor):
    """Alpha compositing by the "over" operator, with the nearest object in front.

    It is `Over` after the slots have been sorted by depth, so their own order means nothing. Of
    objects at one depth, the first is in front. Depth itself has no gradient. It is black behind
    all objects. Relaxed presence scales an object's opacity.

    Raises:
        ValueError: the layers have no alpha or no depth. (Recipes where nothing draws them do not
            load.)
    """

    needs = frozenset({"alpha", "depth"})
    offers = frozenset({"alpha compositing"})

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        order, opacity = _sorted(layers, presence)
        return composed(opacity, _taken(layers.color, order))

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        order, opacity = _sorted(layers, presence)
        background, slots = over_masks(opacity).tensor_split([1], dim=2)
        rank = rearrange(order.argsort(1), "b k -> 1 b k 1 1")  # each slot's place in the order
        return torch.cat([background, torch.take_along_dim(slots, rank, 2)], dim=2)


def _sorted(
    layers: Layers, presence: Float[Tensor, "S B K"]
) -> tuple[Int[Tensor, "B K"], Float[Tensor, "S B K H W"]]:
    """Slots in order of depth, and their opacities in this order."""
    if layers.alpha is None or layers.depth is None:
        raise ValueError(
            "DepthOver needs layers with alpha and depth, but these lack one; use a renderer that "
            "knows how far away objects are"
        )
    order = layers.depth.argsort(stable=True, dim=1)
    alpha = rearrange(_taken(layers.alpha, order), "b k 1 h w -> 1 b k h w")
    present = torch.take_along_dim(presence, rearrange(order, "b k -> 1 b k"), 2)
    return order, rearrange(present, "s b k -> s b k 1 1") * alpha


def _taken(
    maps: Float[Tensor, "B K C H W"], order: Int[Tensor, "B K"]
) -> Float[Tensor, "B K C H W"]:
    return torch.take_along_dim(maps, rearrange(order, "b k -> b k 1 1 1"), 1)
