"""A compositor that shows the brightest object (`Brightest`)."""

from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor


class Brightest(Compositor):
    """Where objects overlap, the brightest one is seen.

    Args:
        gain: multiplies what is seen.
    """

    def __init__(self, *, gain: Annotated[float, Field(gt=0)] = 1.0) -> None:
        super().__init__()
        self.gain = gain

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        present = rearrange(presence, "s b k -> s b k 1 1 1") * layers.color
        return self.gain * torch.amax(present, dim=2)  # (S, B, C, H, W)
