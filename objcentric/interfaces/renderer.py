"""The interface of what draws objects from what and where together."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers


class Renderer(Component, nn.Module):
    """Draws objects in their places.

    A model without one decodes what to a patch, and lets the glimpser write the patch at where. A
    renderer may use both together: an object in perspective looks different in another place.
    """

    @abstractmethod
    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        """The objects in their places, for any number of slots."""
