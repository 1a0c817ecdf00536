"""The interface of compositors, which form a canvas from layers."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers
from objcentric.masks import additive_masks


class Compositor(Component, nn.Module):
    """Combines the layers of the present objects into a canvas."""

    @abstractmethod
    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        """The canvas for each of S presence assignments; presence may be relaxed, in [0, 1]."""

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        """The share of each pixel that the background (first) and each slot explain.

        Shares are in [0, 1] and add up to 1 over the K+1 masks; an absent slot has 0. By default
        objects add up on black, and an object's share follows from its brightness.
        """
        return additive_masks(layers, presence)
