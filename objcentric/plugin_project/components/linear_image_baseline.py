"""A linear baseline for score-function estimators (`LinearImageBaseline`)."""

from math import prod

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.interfaces import Baseline, Context
from objcentric.scene import SceneSpec


class LinearImageBaseline(Baseline):
    """Predicts the cost of each decision from the image alone, by one linear layer.

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(prod(scene.image_shape), scene.slots)

    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        return self.layer(rearrange(context.image, "b c h w -> b (c h w)"))
