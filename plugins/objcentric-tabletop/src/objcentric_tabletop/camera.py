"""A pinhole camera above the table (`Camera`)."""

from dataclasses import dataclass
from math import hypot

import torch
from jaxtyping import Float
from torch import Tensor

BEHIND, ABOVE = 2.7, 3.0
"""Where the eye is: this far in front of the table's middle, towards the viewer, and above it."""
AIM = -0.06
"""Height over the table's middle at which the camera points; it is below."""
FOCAL = 1.0
"""Focal length, in multiples of the canvas' width."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks down at a table from one side; the same one everywhere.

    The table is the plane z = 0, and x and y in [-1, 1] lie on it: x to the right, y away from the
    viewer, z up. Lengths are halves of the table's side. The canvas' middle is the optical axis.

    Attributes:
        height: of the canvas, in pixels.
        width: of the canvas, in pixels.
    """

    height: int
    width: int

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return FOCAL * self.width

    @property
    def forward(self) -> tuple[float, float]:
        """The optical axis: how far it goes in y and in z; a unit vector."""
        length = hypot(BEHIND, ABOVE - AIM)
        return BEHIND / length, (AIM - ABOVE) / length

    def rays(self, samples: int = 1) -> Float[Tensor, "3 H W"]:
        """Unit vectors (x, y, z) from the eye through the middles of pixels, in float64.

        Args:
            samples: rays along each side of a pixel; the map is this many times as large.
        """
        ahead, down = self.forward
        v = self._middles(self.height, samples).unsqueeze(1)
        u = self._middles(self.width, samples).expand(len(v), -1)
        v = v.expand_as(u)
        rays = torch.stack([u, ahead + down * v, down - ahead * v])
        return rays / rays.square().sum(0).sqrt()

    def depth(self, x: Tensor, y: Tensor, z: float) -> Tensor:
        """How far along the optical axis points lie."""
        ahead, down = self.forward
        return ahead * (y + BEHIND) + down * (z - ABOVE) + 0 * x

    def project(self, x: Tensor, y: Tensor, z: float) -> tuple[Tensor, Tensor]:
        """Where points are seen, in pixels from the top left corner: to the right, and down."""
        ahead, down = self.forward
        scale = self.focal / self.depth(x, y, z)
        right, below = x, down * (y + BEHIND) - ahead * (z - ABOVE)
        return self.width / 2 + scale * right, self.height / 2 + scale * below

    def _middles(self, pixels: int, samples: int) -> Float[Tensor, " n"]:
        """Offsets of rays from the optical axis, for a focal length of 1."""
        n = pixels * samples
        middle = (torch.arange(n, dtype=torch.float64) + 0.5) / samples
        return (middle - pixels / 2) / self.focal
