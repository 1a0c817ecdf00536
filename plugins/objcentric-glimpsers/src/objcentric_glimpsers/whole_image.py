"""A window that is always the whole image (`WholeImage`)."""

from typing import ClassVar

from einops import rearrange, repeat
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec


class WholeImage(Glimpser):
    """No windows: every slot sees the whole image and draws on the whole canvas, as in MONet
    (Burgess et al. 2019, arXiv:1901.11390), IODINE and Slot Attention.

    `where` has no coordinates, `(B, K, 0)`; what a slot holds includes its place. Image and patch
    are resized bilinearly; where their sizes agree, nothing changes.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(names=(), loc=(), scale=())

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 0"]
    ) -> Float[Tensor, "B K C h w"]:
        _, height, width = self.patch_shape
        return repeat(_resized(image, height, width), "b c h w -> b k c h w", k=where.shape[1])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 0"]
    ) -> Float[Tensor, "B K c H W"]:
        _, height, width = self.image_shape
        layers = _resized(rearrange(patches, "b k c h w -> (b k) c h w"), height, width)
        return rearrange(layers, "(b k) c h w -> b k c h w", k=patches.shape[1])

    def boxes(self, where: Float[Tensor, "B K 0"]) -> Float[Tensor, "B K 4"]:
        """The canvas, for every slot."""
        _, height, width = self.image_shape
        b, k, _ = where.shape
        return repeat(where.new_tensor([0, 0, width, height]), "xy -> b k xy", b=b, k=k)


def _resized(image: Float[Tensor, "N c *size"], height: int, width: int) -> Tensor:
    if image.shape[-2:] == (height, width):
        return image
    return F.interpolate(image, (height, width), mode="bilinear", align_corners=False)
