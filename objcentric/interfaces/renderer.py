"""The interface of renderers, which draw objects from what and where together."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers


class Renderer(Component, nn.Module):
    """Draws objects in their places.

    A model without a renderer decodes what to a patch, which the glimpser writes at where. A
    renderer may use both together. In perspective, for example, an object's looks depend on its
    place.
    """

    @abstractmethod
    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        """The objects in their places, for any number of slots."""
