"""The interface of likelihoods, the observation models."""

from abc import abstractmethod
from typing import ClassVar

import torch
from einops import repeat
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.placed import Placed


class Likelihood(Component, nn.Module):
    """The likelihood of an image, given a canvas.

    Attributes:
        over_slots: whether it is a mixture over slots, each with its own colours. If so,
            `pixel_log_prob` is called instead of `log_prob`, which knows one canvas only.
    """

    over_slots: ClassVar[bool] = False

    @abstractmethod
    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        """log p(image | canvas) in nats, up to a constant of the model (see `log_constant`)."""

    def sums_log_prob(
        self, image: Float[Tensor, "B C H W"], placed: Placed
    ) -> Float[Tensor, "canvases B"]:
        """`log_prob` of the sums of the first 0, 1, …, K objects, which stay patches.

        A likelihood that needs no more than one canvas at a time may override it.
        """
        b, k = placed.patches.shape[:2]
        codes = torch.ones(k + 1, k).tril(-1).to(placed.patches)
        return self.log_prob(image, placed.weighted_sum(repeat(codes, "s k -> s b k", b=b)))

    def pixel_log_prob(
        self, image: Float[Tensor, "B C H W"], color: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B H W"]:
        """log p(pixel | colour) in nats, up to `log_constant`; of a mixture over slots.

        The model calls it for the colours of each slot and of the background, and mixes them by
        their masks.
        """
        raise NotImplementedError(f"{type(self).__name__} is not a mixture over slots")

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        """The constant that `log_prob` leaves out and that reported bounds add again.

        Gradient estimators see `log_prob` without it, because a baseline would learn little else.
        """
        return 0.0
