"""The interface of renderers, which draw objects from what and where together."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from jaxtyping import Float, Shaped
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers


class Renderer(Component, nn.Module):
    """Draws objects in their places.

    A model without a renderer decodes what to a patch, which the glimpser writes at where. A
    renderer may use both together. In perspective, for example, an object's looks depend on its
    place.

    A renderer that is no network gives its codes a meaning. It may say which, so that what a model
    finds can be compared with the truth:

        attribute_names = frozenset({"position"})

        def attributes(self, what, where):
            return {"position": where}

    Attributes:
        attribute_names: the names that `attributes` gives.
    """

    attribute_names: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        """The objects in their places, for any number of slots."""

    def attributes(
        self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]
    ) -> Mapping[str, Shaped[Tensor, "B K ..."]]:
        """What the codes mean, in the terms of the truth: see `Inference.attributes`."""
        return {}
