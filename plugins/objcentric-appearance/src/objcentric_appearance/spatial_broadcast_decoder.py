"""A spatial broadcast decoder (`SpatialBroadcastDecoder`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor

from objcentric.blocks.broadcast_network import BroadcastNetwork
from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class SpatialBroadcastDecoder(ObjectDecoder):
    """Spatial broadcast decoder: a patch of intensities sigmoid(network(what) + output_bias)
    (Watters et al. 2019, arXiv:1901.07017).

    At each pixel, the network sees the code and the pixel's coordinates.

    Args:
        scene: sizes of the scene.
        channels: channels of the 3×3 convolutions; the paper has 64, for patches of 64×64 pixels.
        output_bias: added before the sigmoid. With a negative value objects are nearly black at
            first.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = (32, 32),
        output_bias: float = -3.0,
    ) -> None:
        super().__init__()
        self.output_bias = output_bias
        self.network = BroadcastNetwork(scene.what_dim, scene.patch_shape, channels)

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        return Appearance(torch.sigmoid(self.network(what) + self.output_bias))
