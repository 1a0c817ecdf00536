"""The decoder of AIR's what-VAE (`MlpDecoder`)."""

from math import prod
from typing import Literal

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor

from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class MlpDecoder(ObjectDecoder):
    """Fully connected decoder: a patch of intensities sigmoid(network(what) + output_bias).

    Args:
        scene: sizes of the scene.
        hidden: widths of the hidden layers.
        output_bias: added before the sigmoid. With a negative value objects are nearly black at
            first, so that a new model does not pay for what it cannot draw yet.
        start: initial weights of the hidden layers; `he` are larger, for high learning rates.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: tuple[PositiveInt, ...] = (400,),
        output_bias: float = -3.0,
        start: Literal["torch", "he"] = "torch",
    ) -> None:
        super().__init__()
        self.patch_shape = scene.patch_shape
        self.output_bias = output_bias
        self.network = mlp([scene.what_dim, *hidden, prod(scene.patch_shape)])
        if start == "he":
            he_start(self.network[:-1])

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        intensity = torch.sigmoid(self.network(what) + self.output_bias)
        c, h, w = self.patch_shape
        return Appearance(rearrange(intensity, "b k (c h w) -> b k c h w", c=c, h=h, w=w))
