"""A baseline that sees the image and earlier slots."""

from math import prod

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.interfaces import Baseline, Context
from objcentric.scene import SceneSpec


class LinearBaseline(Baseline):
    """A linear map of the image and of the previous slot.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.of_image = nn.Linear(prod(scene.image_shape), 1)
        self.of_slot = nn.Linear(scene.where_dim + scene.what_dim, 1)

    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        slots = torch.cat([context.where, context.what], dim=-1)
        before = F.pad(slots[:, :-1], (0, 0, 1, 0))  # slot k sees slot k-1
        of_slot = rearrange(self.of_slot(before), "b k 1 -> b k")
        return self.of_image(rearrange(context.image, "b c h w -> b (c h w)")) + of_slot
