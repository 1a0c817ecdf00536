"""A background of one learnt colour (`LearntColor`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec


class LearntColor(Background):
    """A background of one colour, which training finds.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.full((scene.channels,), -3.0))  # almost black

    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        color = torch.sigmoid(rearrange(self.logits, "c -> 1 c 1 1"))
        return color.expand_as(image)
