"""Pixels as a mixture over slots (`Mixture`)."""

import math
from typing import Annotated

from einops import reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.interfaces import Likelihood


class Mixture(Likelihood):
    """Mixture over slots: p(image | slots) = Π_pixels Σ_k mask_k Π_channels N(color_k, std²)
    (MONet: Burgess et al. 2019, arXiv:1901.11390; IODINE: Greff et al. 2019, arXiv:1903.00450,
    equation 2).

    The background is one more component, with its own mask. Unlike a Gaussian around one canvas,
    the mixture rewards a slot that explains a pixel alone over slots that share it. For a single
    canvas it is a Gaussian.

    Args:
        std: standard deviation of a pixel, on the scale of intensities in [0, 1].
    """

    over_slots = True

    def __init__(self, *, std: Annotated[float, Field(gt=0)] = 0.3) -> None:
        super().__init__()
        self.std = std

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        return reduce(self.pixel_log_prob(image, canvas), "s b h w -> s b", "sum")

    def pixel_log_prob(
        self, image: Float[Tensor, "B C H W"], color: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B H W"]:
        error = reduce((image - color).square(), "s b c h w -> s b h w", "sum")
        return -error / (2 * self.std**2)

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * math.log(self.std * math.sqrt(2 * math.pi))
