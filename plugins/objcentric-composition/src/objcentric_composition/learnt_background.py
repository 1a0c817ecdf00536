"""A background image that is learnt (`LearntBackground`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec


class LearntBackground(Background):
    """A learnt background image that all scenes share; each pixel is a parameter.

    Pixels do not go through a sigmoid, because at a model's learning rate a logit would take very
    long to reach black. They may therefore lie slightly outside [0, 1].

    Args:
        scene: sizes of the scene.
        start: initial intensity of every pixel, in [0, 1].
    """

    def __init__(
        self, scene: SceneSpec, *, start: Annotated[float, Field(ge=0, le=1)] = 0.0
    ) -> None:
        super().__init__()
        self.image = nn.Parameter(torch.full(scene.image_shape, start))

    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        return self.image.expand_as(image)
