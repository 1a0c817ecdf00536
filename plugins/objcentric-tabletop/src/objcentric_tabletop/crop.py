"""The part of the canvas in which an object can be seen (`Crops`)."""

from dataclasses import dataclass
from math import ceil

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor

from objcentric_tabletop.camera import Camera
from objcentric_tabletop.ray_caster import MIDDLE

SHARE = 0.42
"""Side of a crop, as a share of the canvas' width. The largest object is a third of it."""


@dataclass(frozen=True)
class Crops:
    """Square crops of whole pixels, all of one size, around objects; rays are cast there only.

    Crops never leave the canvas. An object beyond its border lies beyond that of its crop.

    Attributes:
        rows: rows of the crops, counted in samples.
        columns: their columns.
        height: rows of the whole map.
        width: columns of the whole map.
    """

    rows: Int[Tensor, "B K h"]
    columns: Int[Tensor, "B K w"]
    height: int
    width: int

    @classmethod
    def around(
        cls, camera: Camera, x: Float[Tensor, "B K"], y: Float[Tensor, "B K"], samples: int = 1
    ) -> "Crops":
        """Crops around objects at (x, y).

        Args:
            camera: its canvas.
            x: to the right on the table.
            y: away from the viewer.
            samples: rays along each side of a pixel.
        """
        side = min(ceil(SHARE * camera.width), camera.height)
        right, down = camera.project(x.detach(), y.detach(), MIDDLE)
        reach = torch.arange(side * samples, device=x.device)
        rows, columns = (
            samples * _first(middle, side, pixels).unsqueeze(-1) + reach
            for middle, pixels in ((down, camera.height), (right, camera.width))
        )
        return cls(rows, columns, camera.height * samples, camera.width * samples)

    def cut(self, maps: Float[Tensor, "C H W"]) -> Float[Tensor, "C B K h w"]:
        """The crops of maps that all objects share."""
        return maps[:, self.rows.unsqueeze(-1), self.columns.unsqueeze(-2)]

    def paste(self, parts: Float[Tensor, "B K C h w"]) -> Float[Tensor, "B K C H W"]:
        """Each object's crops on whole maps of its own, which are 0 elsewhere."""
        places = self.rows.unsqueeze(-1) * self.width + self.columns.unsqueeze(-2)
        places = rearrange(places, "b k h w -> b k 1 (h w)").expand(*parts.shape[:3], -1)
        flat = rearrange(parts, "b k c h w -> b k c (h w)")
        whole = flat.new_zeros(*parts.shape[:3], self.height * self.width)
        return rearrange(whole.scatter(-1, places, flat), "b k c (h w) -> b k c h w", w=self.width)


def _first(middle: Float[Tensor, "B K"], side: int, pixels: int) -> Int[Tensor, "B K"]:
    """The first row or column of crops around a middle, in whole pixels."""
    return (middle - side / 2).round().clamp(0, pixels - side).long()
