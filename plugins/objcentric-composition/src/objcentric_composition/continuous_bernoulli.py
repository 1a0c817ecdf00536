"""The continuous Bernoulli density of intensities (`ContinuousBernoulli`)."""

import math

import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.probability import Margin, as_probability
from objcentric.interfaces import Likelihood

SERIES_BELOW = 0.1
"""Up to here the series of `log_norm` is exact to 1e-9; the quotient's gradient is not."""


class ContinuousBernoulli(Likelihood):
    """Continuous Bernoulli, a density of intensities in [0, 1] (Loaiza-Ganem & Cunningham 2019,
    arXiv:1907.06845).

    p(image | canvas) = Π C(p) p^x (1 - p)^(1 - x), where p is a pixel of the canvas, x one of the
    image, and C(p) = 2 artanh(1 - 2p) / (1 - 2p). As in the other likelihoods, `log_prob` is
    relative to a black image on a black canvas.

    Args:
        margin: p at a black pixel of the canvas, and 1 - p at a white one, in (0, 0.5). Canvases
            are clipped to [0, 1].
    """

    def __init__(self, *, margin: Margin = 1e-3) -> None:
        super().__init__()
        self.margin = margin
        z = 1 - 2 * margin
        self.black = math.log(2 * math.atanh(z) / z) + math.log1p(-margin)

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        # In bfloat16, 1 - margin would be 1.
        p = as_probability(canvas.to(image.dtype), self.margin)
        log_probs = image * torch.log(p) + (1 - image) * torch.log1p(-p) + log_norm(p)
        return reduce(log_probs - self.black, "s b c h w -> s b", "sum")

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return image[0].numel() * self.black


def log_norm(p: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """log C(p), with exact gradients near p = 1/2, where the quotient is 0/0."""
    z = 2 * p - 1
    near = z.abs() < SERIES_BELOW
    square = z.square()
    series = 1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7 + square / 9)))
    safe = torch.where(near, 0.5, z)  # so that the branch not taken has finite gradients
    return math.log(2) + torch.log(torch.where(near, series, torch.atanh(safe) / safe))
