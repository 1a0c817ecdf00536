"""Objects that add up (`Sum`)."""

from einops import einsum
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor


class Sum(Compositor):
    """Objects add up: the canvas is the sum of the present layers (Eslami et al. 2016, 3.1)."""

    adds = True

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        if layers.placed is not None:
            return layers.placed.weighted_sum(presence)
        return einsum(presence, layers.color, "s b k, b k c h w -> s b c h w")
