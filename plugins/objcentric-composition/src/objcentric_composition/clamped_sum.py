"""Objects that add up, at most to white (`ClampedSum`)."""

from itertools import accumulate
from operator import add

import torch
from einops import einsum
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor


class ClampedSum(Compositor):
    """Objects add up, at most to white: the canvas is min(Σ present layers, 1).

    Where objects already add up to more than 1, they get no gradient.
    """

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return einsum(presence, layers.color, "s b k, b k c h w -> s b c h w").clamp(max=1)

    def prefixes(
        self, layers: Layers, behind: Float[Tensor, "B C H W"] | None = None
    ) -> Float[Tensor, "canvases B C H W"]:
        start = layers.black if behind is None else behind
        return torch.stack(list(accumulate(layers.color.unbind(1), add, initial=start))).clamp(
            max=1
        )
