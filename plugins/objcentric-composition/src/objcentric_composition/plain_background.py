"""A background of one colour per image (`PlainBackground`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Background


class PlainBackground(Background):
    """A background of one colour per image: in each channel, the median intensity of its pixels.

    It is right where objects leave more than half of an image uncovered. The colour is read off the
    image and has no prior. So log-likelihoods and bounds are conditional on it, and a model with
    this background cannot generate scenes. There is nothing to learn.
    """

    reads_image = True

    @torch.no_grad()
    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        # Sorted, because torch.median has no deterministic kernel on CUDA.
        ordered = rearrange(image, "b c h w -> b c (h w)").sort(-1).values
        median = ordered[..., (ordered.shape[-1] - 1) // 2]
        return rearrange(median, "b c -> b c 1 1").expand_as(image)
