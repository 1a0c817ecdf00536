"""Binary pixels (`Bernoulli`)."""

import math

import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.probability import Margin, as_probability
from objcentric.interfaces import Likelihood


class Bernoulli(Likelihood):
    """Bernoulli pixels, scored by cross-entropy: p(image | canvas) = Π p^x (1 - p)^(1 - x) (Kingma
    & Welling 2014, arXiv:1312.6114, appendix C.1).

    p is a pixel of the canvas and x one of the image. This is a distribution over binary images.
    Gray images are scored by the same cross-entropy, which is then not a density: see
    `ContinuousBernoulli`. As in the other likelihoods, `log_prob` is relative to a black image on a
    black canvas.

    Args:
        margin: probability at a black pixel of the canvas, and 1 minus the probability at a white
            one, in (0, 0.5). Canvases are clipped to [0, 1]. The smaller the margin, the more is
            gained by explaining an object's last pixels: at 0.001, AIR spends three steps on each
            digit.
    """

    def __init__(self, *, margin: Margin = 0.1) -> None:
        super().__init__()
        self.margin = margin
        self.black = math.log1p(-margin)

    def log_prob(
        self, image: Float[Tensor, "B C H W"], canvas: Float[Tensor, "S B C H W"]
    ) -> Float[Tensor, "S B"]:
        # In bfloat16, 1 - margin would be 1.
        p = as_probability(canvas.to(image.dtype), self.margin)
        log_probs = image * torch.log(p) + (1 - image) * torch.log1p(-p)
        return reduce(log_probs - self.black, "s b c h w -> s b", "sum")

    def log_constant(self, image: Float[Tensor, "B C H W"]) -> float:
        return image[0].numel() * self.black
