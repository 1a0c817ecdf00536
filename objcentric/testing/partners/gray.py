"""A background of one shade (`Gray`)."""

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Background
from objcentric.scene import SceneSpec


class Gray(Background):
    """A dark gray.

    Args:
        scene: sizes of the scene.
    """

    image: Tensor

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.register_buffer("image", torch.full(scene.image_shape, 0.2), persistent=False)

    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        return self.image.expand_as(image)
