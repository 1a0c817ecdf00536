"""The network of the spatial broadcast decoder (`BroadcastNetwork`)."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from einops import einsum, rearrange, reduce
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


class BroadcastNetwork(nn.Module):
    """The spatial broadcast decoder (Watters et al. 2019, arXiv:1901.07017).

    The code is repeated at every point of a map, together with two channels of coordinates in
    [-1, 1]. 3×3 convolutions without padding follow, with ReLU; the last convolution is 1×1. The
    first map is larger than the output by the pixels that the convolutions remove.

    Args:
        inputs: size of the code.
        shape: `(channels, height, width)` of the output.
        channels: channels of the 3×3 convolutions.
    """

    coordinates: Tensor

    def __init__(self, inputs: int, shape: tuple[int, int, int], channels: Sequence[int]) -> None:
        super().__init__()
        outputs, height, width = shape
        border = 2 * len(channels)
        y, x = torch.linspace(-1, 1, height + border), torch.linspace(-1, 1, width + border)
        coordinates = torch.stack(torch.meshgrid(x, y, indexing="xy"))
        self.register_buffer("coordinates", coordinates, persistent=False)
        self.inputs = inputs
        self.first = nn.Conv2d(inputs + 2, channels[0], 3)
        layers: list[nn.Module] = [nn.ReLU()]
        for before, after in pairwise(channels):
            layers += [nn.Conv2d(before, after, 3), nn.ReLU()]
        self.rest = nn.Sequential(*layers, nn.Conv2d(channels[-1], outputs, 1))

    def forward(self, code: Float[Tensor, "B K D"]) -> Float[Tensor, "B K C h w"]:
        maps = self.rest(rearrange(self._first(code), "b k c h w -> (b k) c h w"))
        return rearrange(maps, "(b k) c h w -> b k c h w", k=code.shape[1])

    def _first(self, code: Float[Tensor, "B K D"]) -> Float[Tensor, "B K C h w"]:
        """The first convolution, in two parts: that of the code, which is the same everywhere, and
        that of the coordinates, which is the same for every code."""
        of_code, of_place = self.first.weight.split([self.inputs, 2], dim=1)
        everywhere = einsum(reduce(of_code, "c d y x -> c d", "sum"), code, "c d, b k d -> b k c")
        each = F.conv2d(self.coordinates, of_place, self.first.bias)
        return rearrange(everywhere, "b k c -> b k c 1 1") + each
