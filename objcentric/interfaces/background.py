"""The interface of backgrounds, which lie behind all objects."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component


class Background(Component, nn.Module):
    """The image behind all objects, the same for every scene."""

    @abstractmethod
    def forward(self) -> Float[Tensor, "C H W"]:
        """The image of an empty scene."""
