"""A background of one given colour (`GivenBackground`)."""

from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec

Intensity = Annotated[float, Field(ge=0, le=1)]


class GivenBackground(Background):
    """A background of one given colour.

    Args:
        scene: sizes of the scene.
        color: intensities in [0, 1], one for each channel or one for all.

    Raises:
        ValueError: the number of intensities is neither 1 nor the number of channels.
    """

    image: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        color: Annotated[tuple[Intensity, ...], Field(min_length=1)] = (0.0,),
    ) -> None:
        super().__init__()
        if len(color) not in (1, scene.channels):
            raise ValueError(
                f"color has {len(color)} intensities, but images have {scene.channels} channels; "
                "give one intensity for each channel, or one for all"
            )
        image = rearrange(torch.tensor(color), "c -> c 1 1").expand(scene.image_shape)
        # Not part of the state: it follows from the recipe.
        self.register_buffer("image", image.clone(), persistent=False)

    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        return self.image.expand_as(image)
