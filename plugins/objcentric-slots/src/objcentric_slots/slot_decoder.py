"""The spatial broadcast decoder of Slot Attention (`SlotDecoder`)."""

from itertools import pairwise
from typing import Annotated

from einops import rearrange
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor, nn

from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec
from objcentric_slots.position_embedding import PositionEmbedding

Sizes = Annotated[tuple[PositiveInt, ...], Field(min_length=1)]


class SlotDecoder(ObjectDecoder):
    """Draws colours and mask logits of a slot on the whole canvas (Watters et al. 2019,
    arXiv:1901.07017; Locatello et al. 2020, arXiv:2006.15055, appendix E.3).

    The slot is repeated at every place of a coarse grid, a position embedding is added,
    convolutions with ReLU follow, and the last one puts out a block of pixels for each place of the
    grid (sub-pixel convolution, Shi et al. 2016, arXiv:1609.05158). With as many places as pixels
    that is the paper's decoder. Colours are not squashed.

    Args:
        scene: sizes of the scene; the patch is as large as the canvas for models without windows.
        grid: places along a side.
        widths: channels of the convolutions.
        kernels: their sizes, odd, one for each.
        last_kernel: size of the last convolution, odd.

    Raises:
        ValueError: widths and kernels differ in number, or a kernel is even.
    """

    needs = frozenset({"competition"})
    offers = frozenset({"mask logits"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        grid: PositiveInt = 9,
        widths: Sizes = (64, 64, 64),
        kernels: Sizes = (1, 3, 3),
        last_kernel: PositiveInt = 1,
    ) -> None:
        super().__init__()
        if len(widths) != len(kernels) or any(k % 2 == 0 for k in (*kernels, last_kernel)):
            raise ValueError(
                f"expected one odd kernel for each width, got widths {widths}, kernels {kernels} "
                f"and last_kernel {last_kernel}"
            )
        self.patch_shape = scene.patch_shape
        self.block = -(-scene.glimpse // grid)  # pixels along a side, for each place of the grid
        self.grid = grid
        self.position = PositionEmbedding(scene.what_dim, grid, grid)
        layers: list[nn.Module] = []
        for (inputs, outputs), kernel in zip(
            pairwise((scene.what_dim, *widths)), kernels, strict=True
        ):
            layers += [nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2), nn.ReLU()]
        outputs = (scene.channels + 1) * self.block**2
        layers += [nn.Conv2d(widths[-1], outputs, last_kernel, padding=last_kernel // 2)]
        self.network = nn.Sequential(*layers, nn.PixelShuffle(self.block))

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        places = self.position(rearrange(what, "b k d -> (b k) d 1 1"))
        _, height, width = self.patch_shape
        maps = self.network(places)[..., :height, :width]
        maps = rearrange(maps, "(b k) c h w -> b k c h w", k=what.shape[1])
        return Appearance(maps[:, :, :-1], mask_logits=maps[:, :, -1:])
