"""Networks from an object's code to maps, by name (`map_network`)."""

from typing import Literal

from einops.layers.torch import Rearrange
from torch import nn

from objcentric.blocks.broadcast_network import BroadcastNetwork
from objcentric.blocks.mlp import mlp
from objcentric.blocks.upsampling_network import UpsamplingNetwork
from objcentric.scene import SceneSpec

NetworkName = Literal["mlp", "conv", "broadcast"]


def map_network(
    kind: NetworkName, scene: SceneSpec, channels: int, widths: tuple[int, ...] | None
) -> nn.Module:
    """A network `(B, K, what_dim) -> (B, K, channels, h, w)`; the maps have the patch's size.

    Args:
        kind: the network of `air.mlp_decoder` (`mlp`), `ConvDecoder` (`conv`) or
            `SpatialBroadcastDecoder` (`broadcast`).
        scene: sizes of the scene.
        channels: channels of the maps.
        widths: widths of the hidden layers (`mlp`), or channels of the hidden maps; None for the
            network's own default.
    """
    _, height, width = scene.patch_shape
    shape = (channels, height, width)
    if kind == "conv":
        return UpsamplingNetwork(scene.what_dim, shape, widths or (64, 32, 8))
    if kind == "broadcast":
        return BroadcastNetwork(scene.what_dim, shape, widths or (32, 32))
    flat = mlp([scene.what_dim, *(widths or (400,)), channels * height * width])
    return nn.Sequential(flat, Rearrange("b k (c h w) -> b k c h w", h=height, w=width))
