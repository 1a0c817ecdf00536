"""A background image learnt as the median of all scenes (`MedianBackground`)."""

from typing import Annotated, Any

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec

WIDTH = 0.05
"""Error below which an image pulls less strongly, an intensity (the corner of Huber's loss)."""


class MedianBackground(Background):
    """A background image that all scenes share: about the median of each pixel over all images.

    Its gradient is not that of the model's loss, but of Huber's loss (1964) between the background
    and the images, objects included. So it does not depend on what the objects explain so far. The
    model's own loss first teaches a background the mean of all objects, before any object is drawn.
    It is right where a pixel is uncovered in more than half of the images.

    The pull on a pixel is small, and meant for an optimiser that does not mind the scale of
    gradients, such as Adam. The background may learn faster than the rest:

        background: {use: median_background, lr: 0.005}

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
        shown: Tensor = _Pulled.apply(self.image, image)
        return shown


class _Pulled(torch.autograd.Function):
    """The background, once for each image. Whatever gradient arrives is replaced by the images'
    pull."""

    generate_vmap_rule = True

    @staticmethod
    def forward(background: Tensor, image: Tensor) -> Tensor:
        return background.expand_as(image).clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        background, image = ctx.saved_tensors
        pull = ((background - image) / WIDTH).clamp(-1, 1).mean(0)
        return pull / background.numel(), None
