"""A network from a code to a map, by upsampling and convolution (`UpsamplingNetwork`)."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.blocks.map_sizes import halved_sizes


class UpsamplingNetwork(nn.Module):
    """A linear layer to a small map, then repeated upsampling and convolution.

    Each repetition is a ReLU, nearest-neighbour upsampling to twice the size, and a 3×3
    convolution. Unlike transposed convolutions, this causes no checkerboard artifacts (Odena,
    Dumoulin & Olah 2016, "Deconvolution and Checkerboard Artifacts", Distill).

    Args:
        inputs: size of the code.
        shape: `(channels, height, width)` of the output, any size.
        channels: channels of the maps, smallest map first; the size doubles after each.
    """

    def __init__(self, inputs: int, shape: tuple[int, int, int], channels: Sequence[int]) -> None:
        super().__init__()
        outputs, height, width = shape
        self.channels = channels[0]
        self.sizes = halved_sizes(height, width, len(channels))[::-1]
        height, width = self.sizes[0]
        self.first = nn.Linear(inputs, self.channels * height * width)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, padding=1)
            for before, after in pairwise((*channels, outputs))
        )

    def forward(self, code: Float[Tensor, "B K D"]) -> Float[Tensor, "B K C h w"]:
        height, width = self.sizes[0]
        maps = rearrange(
            self.first(code), "b k (c h w) -> (b k) c h w", c=self.channels, h=height, w=width
        )
        # Convolutions with few channels are twice as fast in this layout.
        maps = maps.contiguous(memory_format=torch.channels_last)
        for size, convolution in zip(self.sizes[1:], self.convolutions, strict=True):
            maps = convolution(F.interpolate(F.relu(maps), size=size, mode="nearest-exact"))
        return rearrange(maps, "(b k) c h w -> b k c h w", k=code.shape[1])
