"""A spatial softmax over convolutional features (`SpatialAttention`)."""

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.blocks.he_start import he_start

STRIDE = 4
"""Distance of neighbouring places of the feature map, in pixels."""


class SpatialAttention(nn.Module):
    """A spatial softmax over a convolutional feature map (Levine et al. 2016, arXiv:1504.00702).

    The attention weights give the expected position and the mean of the features. Coordinates are
    two further input channels (Liu et al. 2018, arXiv:1807.03247). With them the network can prefer
    one of two objects that look alike, instead of pointing between them.

    Example: `features, position = SpatialAttention(inputs=1, channels=16)(image)`.

    Args:
        inputs: channels of the image.
        channels: channels of the feature map.
    """

    def __init__(self, inputs: int, channels: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(inputs + 2, channels, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
        )
        self.score = nn.Conv2d(channels, 1, 1)
        he_start(self)

    def forward(
        self, image: Float[Tensor, "B C H W"]
    ) -> tuple[Float[Tensor, "B F"], Float[Tensor, "B 2"]]:
        """Features and their position: x and y in [-1, 1]."""
        n, _, height, width = image.shape
        everywhere = repeat(positions(image, 1), "(h w) xy -> n xy h w", n=n, h=height, w=width)
        features = self.features(torch.cat([image, everywhere], dim=1))
        scores = rearrange(self.score(features), "b 1 h w -> b (h w) 1")
        attention = scores.to(image.dtype).softmax(1)
        read = (attention * rearrange(features, "b f h w -> b (h w) f")).sum(1)
        # A weighted sum, because matrix products may run in half precision.
        return read, (attention * positions(image, STRIDE)).sum(1)


def positions(image: Float[Tensor, "B C H W"], stride: int) -> Float[Tensor, "places 2"]:
    """x and y, in [-1, 1], of the centre of every `stride`-th pixel, starting with the first."""
    height, width = image.shape[-2:]
    y, x = (
        (2 * torch.arange(0, size, stride, dtype=image.dtype, device=image.device) + 1) / size - 1
        for size in (height, width)
    )
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).flatten(0, 1)
