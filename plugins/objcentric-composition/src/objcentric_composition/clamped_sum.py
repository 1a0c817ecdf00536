"""Objects that add up, as far as white."""

from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric_air.sum import Sum


class ClampedSum(Sum):
    """The canvas is min(Σ present layers, 1): what saturates an image saturates the canvas.

    Where objects already add up to more than 1, no gradient reaches them.
    """

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return super().forward(layers, presence).clamp(max=1)
