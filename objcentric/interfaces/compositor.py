"""The interface of image formation from layers."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers
from objcentric.masks import additive_masks


class Compositor(Component, nn.Module):
    """Puts the layers of the present objects together."""

    @abstractmethod
    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        """The canvas of each of S presence assignments; presence may be relaxed, in [0, 1]."""

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        """How much of each pixel the background (first) and each slot explain.

        In [0, 1], adding up to 1 over the K+1; 0 for a slot that is absent. Unless it says more,
        objects add up on black, and how bright they are says how much they explain.
        """
        return additive_masks(layers, presence)
