"""The interface of the observation model."""

from abc import abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.drafts import Layers


class Likelihood(Component, nn.Module):
    """How likely an image is, given a canvas.

    Attributes:
        over_slots: whether it is a mixture over slots, each with its own colours, instead of one
            canvas: `mixture_log_prob` is then called in place of `log_prob`.
    """

    over_slots: ClassVar[bool] = False

    @abstractmethod
    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        """log p(image | canvas) in nats, up to a constant of the model (see `log_constant`)."""

    def mixture_log_prob(
        self,
        image: Float[Tensor, "B C H W"],
        layers: Layers,
        masks: Float[Tensor, "S B components H W"],
        background: Float[Tensor, "S B C H W"],
    ) -> Float[Tensor, "S B"]:
        """log Σ_k mask_k p(pixel | slot k), added up over pixels, in nats, up to `log_constant`.

        Args:
            image: intensities in [0, 1].
            layers: the slots' colours.
            masks: how much of each pixel the K+1 components explain: the background (first) and
                each slot.
            background: what an empty scene looks like.
        """
        raise NotImplementedError(f"{type(self).__name__} is no mixture over slots")

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        """What `log_prob` leaves out, so that reported bounds are those of a normalised density.

        Gradient estimators see `log_prob`: a constant there would be all that a baseline learns.
        """
        return 0.0
