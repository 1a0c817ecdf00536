"""Gaussian pixel noise with a learnt standard deviation (`LearntGaussian`)."""

import math
from typing import Annotated

import torch
from einops import reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.sum_errors import sum_errors
from objcentric.interfaces import Likelihood
from objcentric.placed import Placed

Std = Annotated[float, Field(gt=0)]


class LearntGaussian(Likelihood):
    """Gaussian pixel noise with a learnt standard deviation: p(image | canvas) = N(canvas, std² I)
    (σ-VAE: Rybkin et al. 2021, arXiv:2006.13202).

    All pixels share std = smallest + softplus(parameter). `log_prob` is relative to the initial
    std, so that training starts as if std were fixed.

    Args:
        std: initial standard deviation of a pixel, on the scale of intensities in [0, 1].
        smallest: lower bound of the standard deviation; without it, noiseless images would make it
            shrink to 0.

    Raises:
        ValueError: `std` is not above `smallest`.
    """

    def __init__(self, *, std: Std = 0.6, smallest: Std = 0.05) -> None:
        super().__init__()
        if std <= smallest:
            raise ValueError(f"std ({std}) is not above smallest ({smallest})")
        self.start, self.smallest = std, smallest
        # The inverse of softplus.
        self.raw_std = nn.Parameter(torch.tensor(math.log(math.expm1(std - smallest))))

    @property
    def std(self) -> Float[Tensor, ""]:
        """The standard deviation of a pixel."""
        return self.smallest + F.softplus(self.raw_std)

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        return self._of_error(reduce((image - canvas).square(), "s b c h w -> s b", "sum"), image)

    def sums_log_prob(
        self, image: Float[Tensor, "B C H W"], placed: Placed
    ) -> Float[Tensor, "canvases B"]:
        return self._of_error(sum_errors(image, placed), image)

    def _of_error(self, error: Float[Tensor, "S B"], image: Tensor) -> Float[Tensor, "S B"]:
        std = self.std
        return -error / (2 * std.square()) - image[0].numel() * torch.log(std / self.start)

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * math.log(self.start * math.sqrt(2 * math.pi))
