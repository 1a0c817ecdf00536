"""Square windows around places on a table (`TableWindow`)."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.blocks.windows import Windows
from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec
from objcentric_tabletop.camera import Camera
from objcentric_tabletop.ray_caster import MIDDLE

FURTHEST = 2.0
"""A slot that is never reached may drift; half a table beyond the edge is as far as it gets."""
SIDE = 1.5
"""Side of a window where an object stands, in halves of the table's side: about twice an object."""


class TableWindow(Glimpser):
    """Square windows around places on a table, the smaller the further away (Eslami et al. 2016,
    section 3.3: a scene's coordinates instead of the image's).

    `where = (x, y)`: the place on the table, to the right and away from the viewer, in halves of
    the table's side from its middle. The window's centre is where an object there is seen, at half
    its height. Its side is `SIDE` at the object's distance from the camera, so an object fills the
    same part of the window everywhere. Sampling is bilinear with zeros outside.
    """

    where_spec: ClassVar[WhereSpec] = WhereSpec(
        names=("x", "y"),
        loc=(0.0, 0.0),
        scale=(0.6, 0.6),  # about that of a uniform distribution over the table
    )

    def read(
        self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K 2"]
    ) -> Float[Tensor, "B K C h w"]:
        return self._windows(where).read(image, self.patch_shape[1:])

    def write(
        self, patches: Float[Tensor, "B K c h w"], where: Float[Tensor, "B K 2"]
    ) -> Float[Tensor, "B K c H W"]:
        return self._windows(where).write(patches, self.image_shape[1:])

    def boxes(self, where: Float[Tensor, "B K 2"]) -> Float[Tensor, "B K 4"]:
        return self.in_pixels(self._windows(where).corners())

    def _windows(self, where: Float[Tensor, "B K 2"]) -> Windows:
        _, height, width = self.image_shape
        camera = Camera(height, width)
        x, y = where.clamp(-FURTHEST, FURTHEST).unbind(-1)
        right, down = camera.project(x, y, MIDDLE)
        side = SIDE * camera.focal / camera.depth(x, y, MIDDLE)
        across, along = width / side, height / side
        shift_x, shift_y = across * (1 - 2 * right / width), along * (1 - 2 * down / height)
        return Windows.of(torch.stack([across, along, shift_x, shift_y], dim=-1))
