"""The interface of image formation from layers."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers


class Compositor(Component, nn.Module):
    """Puts the layers of the present objects together."""

    @abstractmethod
    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        """The canvas of each of S presence assignments; presence may be relaxed, in [0, 1]."""
