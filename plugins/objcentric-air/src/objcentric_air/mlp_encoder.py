"""The encoder of AIR's what-VAE (`MlpEncoder`)."""

from math import prod
from typing import Literal

from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor
from torch.distributions import Normal

from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
from objcentric.blocks.normal_head import normal
from objcentric.interfaces import ObjectEncoder
from objcentric.scene import SceneSpec


class MlpEncoder(ObjectEncoder):
    """Fully connected encoder: q(what | glimpse) = N(mean, diag exp(log variance)).

    One network gives the mean and the log variance.

    Args:
        scene: sizes of the scene.
        hidden: widths of the hidden layers.
        start: initial weights of the hidden layers; `he` are larger, for high learning rates.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: tuple[PositiveInt, ...] = (400,),
        start: Literal["torch", "he"] = "torch",
    ) -> None:
        super().__init__()
        self.network = mlp([prod(scene.glimpse_shape), *hidden, 2 * scene.what_dim])
        if start == "he":
            he_start(self.network[:-1])

    def forward(self, glimpses: Float[Tensor, "B K c h w"]) -> Normal:
        out = self.network(rearrange(glimpses, "b k c h w -> b k (c h w)"))
        mean, log_var = out.chunk(2, dim=-1)
        return normal(mean, log_var)
