"""The interface of object decoders, from what to a patch."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Appearance


class ObjectDecoder(Component, nn.Module):
    """Draws an object from its appearance code: the generative half of the what-VAE."""

    @abstractmethod
    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        """The object in its own patch, intensities in [0, 1]."""
