"""Gaussian pixel noise (`Gaussian`)."""

import math
from typing import Annotated

from einops import reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.blocks.sum_errors import sum_errors
from objcentric.interfaces import Likelihood
from objcentric.placed import Placed


class Gaussian(Likelihood):
    """Gaussian pixel noise of a fixed standard deviation: p(image | canvas) = N(canvas, std² I).

    Args:
        std: standard deviation of a pixel, on the scale of intensities in [0, 1].
    """

    def __init__(self, *, std: Annotated[float, Field(gt=0)] = 0.6) -> None:
        super().__init__()
        self.std = std

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        error = reduce((image - canvas).square(), "s b c h w -> s b", "sum")
        return -error / (2 * self.std**2)

    def sums_log_prob(
        self, image: Float[Tensor, "B C H W"], placed: Placed
    ) -> Float[Tensor, "canvases B"]:
        return -sum_errors(image, placed) / (2 * self.std**2)

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * math.log(self.std * math.sqrt(2 * math.pi))
