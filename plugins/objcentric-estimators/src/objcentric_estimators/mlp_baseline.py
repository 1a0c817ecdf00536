"""A baseline that sees the image alone (`MlpBaseline`)."""

import math

from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor

from objcentric.blocks.mlp import mlp
from objcentric.interfaces import Baseline, Context
from objcentric.scene import SceneSpec


class MlpBaseline(Baseline):
    """A fully connected network that predicts each decision's cost from the image alone (Mnih &
    Gregor 2014, arXiv:1402.0030, section 2.3).

    It does not see other slots, so slots need no order. It therefore suits grids: over their many
    slots a recurrent baseline diverges.

    Args:
        scene: sizes of the scene.
        hidden: widths of the hidden layers.
    """

    def __init__(self, scene: SceneSpec, *, hidden: tuple[PositiveInt, ...] = (256,)) -> None:
        super().__init__()
        self.network = mlp([math.prod(scene.image_shape), *hidden, scene.slots])

    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        prediction: Tensor = self.network(rearrange(context.image, "b c h w -> b (c h w)"))
        return prediction
