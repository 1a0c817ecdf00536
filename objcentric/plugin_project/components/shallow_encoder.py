"""An encoder with one hidden layer (`ShallowEncoder`)."""

from math import prod
from typing import Annotated

from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.interfaces import ObjectEncoder
from objcentric.normal import Normal
from objcentric.scene import SceneSpec


class ShallowEncoder(ObjectEncoder):
    """q(what | glimpse) = N(mean, std²), both from one network.

    Args:
        scene: sizes of the scene.
        hidden: units of the hidden layer.
    """

    def __init__(self, scene: SceneSpec, *, hidden: Annotated[int, Field(gt=0)] = 200) -> None:
        super().__init__()
        self.network = nn.Sequential(
            nn.Linear(prod(scene.glimpse_shape), hidden),
            nn.ELU(),
            nn.Linear(hidden, 2 * scene.what_dim),
        )

    def forward(self, glimpses: Float[Tensor, "B K c h w"]) -> Normal:
        outputs = self.network(rearrange(glimpses, "b k c h w -> b k (c h w)"))
        mean, raw = outputs.chunk(2, dim=-1)
        # Never 0, however far the weights drift.
        return Normal(mean, F.softplus(raw) + 1e-3, validate_args=False)
