"""A decoder with one hidden layer (`ShallowDecoder`)."""

from math import prod
from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec


class ShallowDecoder(ObjectDecoder):
    """Draws a patch of intensities sigmoid(network(what) - 3), almost black at first.

    Args:
        scene: sizes of the scene.
        hidden: units of the hidden layer.
    """

    def __init__(self, scene: SceneSpec, *, hidden: Annotated[int, Field(gt=0)] = 200) -> None:
        super().__init__()
        self.patch_shape = scene.patch_shape
        self.network = nn.Sequential(
            nn.Linear(scene.what_dim, hidden),
            nn.ELU(),
            nn.Linear(hidden, prod(scene.patch_shape)),
        )

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        color = torch.sigmoid(self.network(what) - 3)
        c, h, w = self.patch_shape
        return Appearance(rearrange(color, "b k (c h w) -> b k c h w", c=c, h=h, w=w))
