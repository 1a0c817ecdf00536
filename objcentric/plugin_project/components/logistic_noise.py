"""A likelihood of logistic pixel noise (`LogisticNoise`)."""

from math import log
from typing import Annotated

import torch
from einops import reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Likelihood


class LogisticNoise(Likelihood):
    """Logistic pixel noise: p(image | canvas) = Π exp(-z) / (1 + exp(-z))² / scale, where
    z = |image - canvas| / scale.

    Args:
        scale: width of the noise, in intensities.
    """

    def __init__(self, *, scale: Annotated[float, Field(gt=0)] = 0.3) -> None:
        super().__init__()
        self.scale = scale

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        z = torch.abs(image - canvas) / self.scale
        return reduce(-z - 2 * F.softplus(-z), "s b c h w -> s b", "sum")

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return -image[0].numel() * log(self.scale)
