"""A convolutional decoder (`ConvDecoder`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor

from objcentric.blocks.upsampling_network import UpsamplingNetwork
from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class ConvDecoder(ObjectDecoder):
    """Convolutional decoder: a patch of intensities sigmoid(network(what) + output_bias).

    The network upsamples and convolves a small map (Odena et al. 2016, Distill).

    Args:
        scene: sizes of the scene.
        channels: channels of the maps, smallest map first; the size doubles after each.
        output_bias: added before the sigmoid. With a negative value objects are nearly black at
            first.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = (64, 32, 8),
        output_bias: float = -3.0,
    ) -> None:
        super().__init__()
        self.output_bias = output_bias
        self.network = UpsamplingNetwork(scene.what_dim, scene.patch_shape, channels)

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        return Appearance(torch.sigmoid(self.network(what) + self.output_bias))
