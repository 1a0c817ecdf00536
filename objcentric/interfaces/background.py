"""The interface of backgrounds, which lie behind all objects."""

from abc import abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component


class Background(Component, nn.Module):
    """The image behind all objects of a scene.

    Attributes:
        reads_image: whether the background is read off the image that is to be explained. Such a
            background has no prior: log-likelihoods and bounds of the model are conditional on it,
            and the model cannot generate scenes.
    """

    reads_image: ClassVar[bool] = False

    @abstractmethod
    def forward(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        """What each image shows without its objects. If `reads_image` is false, only the image's
        shape counts."""
