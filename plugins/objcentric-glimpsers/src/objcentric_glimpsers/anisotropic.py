"""Attention windows of any width and height (`Anisotropic`)."""

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.window_prior import Share, Spread, WindowPrior
from objcentric.blocks.windows import Windows
from objcentric.interfaces import Glimpser
from objcentric.placed import Placement
from objcentric.scene import RequestedScene, WhereSpec


class Anisotropic(Glimpser):
    """Spatial transformer with separate scales for x and y (Jaderberg et al. 2015,
    arXiv:1506.02025).

    `where = (sx, sy, x, y)`: the point (u, v) of the canvas shows the point (sx·u + x, sy·v + y) of
    the patch, all in [-1, 1]. A window covers 1/sx of the canvas' width and 1/sy of its height, and
    is centred at (-x/sx, -y/sy). Sampling is bilinear with zeros outside, pixel centres as in
    `grid_sample(align_corners=False)`.

    Args:
        scene: sizes of the scene.
        window: expected width and height of a window, as fractions of the canvas, in (0, 1].
        window_sd: standard deviation of each scale as a fraction of its mean, in (0, 1).
    """

    where_spec: ClassVar[WhereSpec] = WindowPrior().spec("scale_x", "scale_y")

    def __init__(
        self, scene: RequestedScene, *, window: Share = 1 / 3, window_sd: Spread = 1 / 30
    ) -> None:
        super().__init__(scene)
        self.prior = WindowPrior(window, window_sd)

    @property
    def where(self) -> WhereSpec:
        return self.prior.spec("scale_x", "scale_y")

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K C h w"]:
        return Windows.of(where).read(image, self.patch_shape[1:])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 4"]
    ) -> Float[Tensor, "B K c H W"]:
        return Windows.of(where).write(patches, self.image_shape[1:])

    def placement(self, where: Float[Tensor, "B K 4"], size: tuple[int, int]) -> Placement:
        return Windows.of(where).placement(self.image_shape[1:], size)

    def boxes(self, where: Float[Tensor, "B K 4"]) -> Float[Tensor, "B K 4"]:
        return self.in_pixels(Windows.of(where).corners())
