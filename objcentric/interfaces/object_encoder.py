"""The interface of object encoders, from a glimpse to what."""

from abc import abstractmethod
from typing import Annotated, ClassVar

from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Distribution

from objcentric.component import Component


class ObjectEncoder(Component, nn.Module):
    """Infers the appearance code of a glimpse: the recognition half of the what-VAE.

    Attributes:
        has_density: whether q(what) has a log-density. A model whose q(what) is `Deterministic` has
            no bound.
    """

    has_density: ClassVar[bool] = True

    @abstractmethod
    def forward(self, glimpses: Float[Tensor, "B K c h w"]) -> Annotated[Distribution, "B K what"]:
        """q(what | glimpse), reparametrised; batch and event shape are `(B, K, what_dim)`."""
