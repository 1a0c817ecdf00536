"""The interface of the observation model."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component


class Likelihood(Component, nn.Module):
    """How likely an image is, given a canvas."""

    @abstractmethod
    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        """log p(image | canvas) in nats, up to a constant of the model (see `log_constant`)."""

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        """What `log_prob` leaves out, so that reported bounds are those of a normalised density.

        Gradient estimators see `log_prob`: a constant there would be all that a baseline learns.
        """
        return 0.0
