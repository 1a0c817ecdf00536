"""The interface of glimpsers, which read and write through attention windows."""

from abc import abstractmethod
from typing import ClassVar

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.placed import Placement
from objcentric.scene import RequestedScene, WhereSpec


class Glimpser(Component, nn.Module):
    """Reads a part of the image, and draws into the same part of a canvas.

    Each glimpser decides what the coordinates of `where` mean. `where_spec` says how many there are
    and gives a sensible prior for them.

    Args:
        scene: sizes as stated in the recipe.
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
        """The part of the image in each window."""

    @abstractmethod
    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K D"]
    ) -> Float[Tensor, "B K c H W"]:
        """Each patch on its own canvas, 0 outside its window. Any number of channels."""

    def placement(self, where: Float[Tensor, "B K D"], size: tuple[int, int]) -> Placement | None:
        """What `write` does, as row and column weights; None if it cannot be said like that.

        With it, objects that add up on a large canvas stay patches (`Layers.kept`).

        Args:
            where: the windows.
            size: height and width of the patches, in pixels.
        """
        return None

    @abstractmethod
    def boxes(self, where: Float[Tensor, "B K D"]) -> Float[Tensor, "B K 4"]:
        """Bounding boxes `(x0, y0, x1, y1)` of the windows, in pixels from the top left corner."""

    def in_pixels(self, corners: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        """Converts corners `(x0, y0, x1, y1)` from [-1, 1] to pixels from the top left corner."""
        _, height, width = self.image_shape
        across, down = corners[..., 0::2], corners[..., 1::2]
        pixels = [(across + 1) * (width / 2), (down + 1) * (height / 2)]
        return rearrange(pixels, "xy b k end -> b k (end xy)")
