"""The interface of attention windows."""

from abc import abstractmethod
from typing import ClassVar

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.scene import RequestedScene, WhereSpec


class Glimpser(Component, nn.Module):
    """Looks at a part of the image, and draws into the same part of a canvas.

    What the coordinates of `where` mean is the glimpser's own business; `where_spec` says how many
    there are and which prior is sensible for them.

    Args:
        scene: the sizes that the recipe states.
    """

    where_spec: ClassVar[WhereSpec]

    def __init__(self, scene: RequestedScene) -> None:
        super().__init__()
        self.image_shape = scene.image_shape
        self.patch_shape = scene.patch_shape

    @property
    def where(self) -> WhereSpec:
        """The coordinates of an object; override it where they depend on options."""
        return self.where_spec

    @property
    def glimpse_shape(self) -> tuple[int, int, int]:
        """`(C', h, w)` of what `read` returns; the patch itself unless overridden."""
        return self.patch_shape

    @abstractmethod
    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K c h w"]:
        """The parts of the image that the windows show."""

    @abstractmethod
    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K c H W"]:
        """Each patch on a canvas of its own, 0 outside of its window. Any number of channels."""

    @abstractmethod
    def boxes(self, where: Float[Tensor, "B K D"]) -> Float[Tensor, "B K 4"]:
        """Bounding boxes `(x0, y0, x1, y1)` of the windows, in pixels from the top left corner."""

    def in_pixels(self, corners: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        """Corners `(x0, y0, x1, y1)` in [-1, 1] as pixels from the top left corner."""
        _, height, width = self.image_shape
        across, down = corners[..., 0::2], corners[..., 1::2]
        pixels = [(across + 1) * (width / 2), (down + 1) * (height / 2)]
        return rearrange(pixels, "xy b k end -> b k (end xy)")
