"""An object encoder of one layer."""

from math import prod

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.interfaces import ObjectEncoder
from objcentric.normal import Normal
from objcentric.scene import SceneSpec


class LinearEncoder(ObjectEncoder):
    """q(what | glimpse) = N(linear(glimpse), softplus(linear(glimpse))²).

    Args:
        scene: sizes of the scene.
    """

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.layer = nn.Linear(prod(scene.glimpse_shape), 2 * scene.what_dim)

    def forward(self, glimpses: Float[Tensor, "B K c h w"]) -> Normal:
        out = self.layer(rearrange(glimpses, "b k c h w -> b k (c h w)"))
        loc, scale = out.chunk(2, dim=-1)
        return Normal(loc, F.softplus(scale) + 1e-3, validate_args=False)
