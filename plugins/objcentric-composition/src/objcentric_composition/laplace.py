"""Laplacian pixel noise (`Laplace`)."""

import math
from typing import Annotated

from einops import reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.interfaces import Likelihood


class Laplace(Likelihood):
    """Laplacian pixel noise: p(image | canvas) = Π exp(-|image - canvas| / scale) / (2 scale).

    The product is over pixels. Large errors count less than under Gaussian noise.

    Args:
        scale: mean absolute error of a pixel, on the scale of intensities in [0, 1].
    """

    def __init__(self, *, scale: Annotated[float, Field(gt=0)] = 0.4) -> None:
        super().__init__()
        self.scale = scale

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        return -reduce((image - canvas).abs(), "s b c h w -> s b", "sum") / self.scale

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * math.log(2 * self.scale)
