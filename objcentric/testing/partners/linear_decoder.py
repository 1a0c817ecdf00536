"""An object decoder of one layer."""

from math import prod

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class LinearDecoder(ObjectDecoder):
    """color = sigmoid(linear(what)), without alpha.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.patch_shape = scene.patch_shape
        self.layer = nn.Linear(scene.what_dim, prod(scene.patch_shape))

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        c, h, w = self.patch_shape
        color = torch.sigmoid(self.layer(what))
        return Appearance(rearrange(color, "b k (c h w) -> b k c h w", c=c, h=h, w=w))
