"""A convolutional encoder (`ConvEncoder`)."""

from itertools import pairwise

from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor, nn
from torch.distributions import Normal

from objcentric.blocks.map_sizes import halved_sizes
from objcentric.blocks.mlp import mlp
from objcentric.blocks.normal_head import normal
from objcentric.interfaces import ObjectEncoder
from objcentric.scene import SceneSpec


class ConvEncoder(ObjectEncoder):
    """Convolutional encoder: q(what | glimpse) = N(mean, diag exp(log variance)) (Kingma & Welling
    2014, arXiv:1312.6114).

    3×3 convolutions of stride 2 with ReLU are followed by fully connected layers.

    Args:
        scene: sizes of the scene.
        channels: channels of the convolutions, each of which halves the map.
        hidden: widths of the fully connected layers before the last one.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: tuple[PositiveInt, ...] = (16, 32, 64),
        hidden: tuple[PositiveInt, ...] = (256,),
    ) -> None:
        super().__init__()
        glimpse_channels, height, width = scene.glimpse_shape
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((glimpse_channels, *channels)):
            layers += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.ReLU()]
        height, width = halved_sizes(height, width, len(channels))[-1]
        features = (glimpse_channels, *channels)[-1] * height * width
        self.convolutions = nn.Sequential(*layers)
        self.head = mlp([features, *hidden, 2 * scene.what_dim])

    def forward(self, glimpses: Float[Tensor, "B K c h w"]) -> Normal:
        features = self.convolutions(rearrange(glimpses, "b k c h w -> (b k) c h w"))
        out = self.head(rearrange(features, "(b k) c h w -> b k (c h w)", k=glimpses.shape[1]))
        mean, log_var = out.chunk(2, dim=-1)
        return normal(mean, log_var)
