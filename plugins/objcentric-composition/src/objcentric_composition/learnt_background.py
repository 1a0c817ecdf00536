"""A background image that is learnt (`LearntBackground`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec


class LearntBackground(Background):
    """An image that all scenes share, each of its pixels a parameter.

    Pixels are not squashed, because at a model's learning rate a logit would take very long to
    reach black. They may therefore lie slightly outside of [0, 1].

    Args:
        scene: sizes of the scene.
        start: initial intensity of every pixel, in [0, 1].
    """

    def __init__(
        self, scene: SceneSpec, *, start: Annotated[float, Field(ge=0, le=1)] = 0.0
    ) -> None:
        super().__init__()
        self.image = nn.Parameter(torch.full(scene.image_shape, start))

    def forward(self) -> Float[Tensor, "C H W"]:
        return self.image
