"""Objects that hide what is behind them."""

from typing import Annotated, Literal

import torch
from einops.layers.torch import Rearrange
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.broadcast_network import BroadcastNetwork
from objcentric.blocks.mlp import mlp
from objcentric.blocks.upsampling_network import UpsamplingNetwork
from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class AlphaDecoder(ObjectDecoder):
    """Draws a patch of colour, and of opacity alpha (SPAIR: Crawford & Pineau 2019, AAAI).

        color = sigmoid(c), alpha = sigmoid(a + output_bias), (c, a) = network(what)

    Args:
        scene: sizes of the scene.
        network: that of `air.mlp_decoder` (`mlp`), of `ConvDecoder` (`conv`) or of
            `SpatialBroadcastDecoder` (`broadcast`), with one more channel.
        widths: of the hidden layers (`mlp`), or channels of the maps.
        output_bias: added to alpha before the sigmoid; negative values make objects start nearly
            transparent.
    """

    needs = frozenset({"alpha compositing"})
    offers = frozenset({"alpha"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        network: Literal["mlp", "conv", "broadcast"] = "mlp",
        widths: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] | None = None,
        output_bias: float = -3.0,
    ) -> None:
        super().__init__()
        self.output_bias = output_bias
        self.network = _network(network, scene, widths)

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        maps = self.network(what)
        color, alpha = maps.split([maps.shape[2] - 1, 1], dim=2)
        return Appearance(torch.sigmoid(color), torch.sigmoid(alpha + self.output_bias))


def _network(kind: str, scene: SceneSpec, widths: tuple[int, ...] | None) -> nn.Module:
    channels, height, width = scene.patch_shape
    shape = (channels + 1, height, width)
    if kind == "conv":
        return UpsamplingNetwork(scene.what_dim, shape, widths or (64, 32, 8))
    if kind == "broadcast":
        return BroadcastNetwork(scene.what_dim, shape, widths or (32, 32))
    flat = mlp([scene.what_dim, *(widths or (400,)), (channels + 1) * height * width])
    return nn.Sequential(flat, Rearrange("b k (c h w) -> b k c h w", h=height, w=width))
