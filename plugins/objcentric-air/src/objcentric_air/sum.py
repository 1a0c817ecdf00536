"""Objects that add up (`Sum`)."""

from itertools import accumulate
from operator import add

import torch
from einops import einsum
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor


class Sum(Compositor):
    """Objects add up: the canvas is the sum of the present layers (Eslami et al. 2016, 3.1)."""

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return einsum(presence, layers.color, "s b k, b k c h w -> s b c h w")

    def prefixes(
        self, layers: Layers, behind: Float[Tensor, "B C H W"] | None = None
    ) -> Float[Tensor, "canvases B C H W"]:
        start = layers.black if behind is None else behind
        return torch.stack(list(accumulate(layers.color.unbind(1), add, initial=start)))
