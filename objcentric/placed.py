"""Objects as patches and the places where they go (`Placement`, `Placed`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from einops import einsum, rearrange, repeat
from jaxtyping import Float
from torch import Tensor


def place(
    patches: Float[Tensor, "B K c h w"],
    rows: Float[Tensor, "B K H h"],
    columns: Float[Tensor, "B K W w"],
) -> Float[Tensor, "B K c H W"]:
    """Writes each patch on its own canvas: rows · patch · columnsᵀ for each window.

    Args:
        patches: one patch per window.
        rows: weight of each row of the patch in each row of the canvas.
        columns: weight of each column of the patch in each column of the canvas.
    """
    strips = patches @ rearrange(columns, "b k W w -> b k 1 w W")
    return rearrange(rows, "b k H h -> b k 1 H h") @ strips


@dataclass(frozen=True)
class Placement:
    """Windows in which patches are written by row and column weights.

    Attributes:
        rows: weight of each row of the patch in each row of the canvas.
        columns: weight of each column of the patch in each column of the canvas.
    """

    rows: Float[Tensor, "B K H h"]
    columns: Float[Tensor, "B K W w"]

    def write(self, patches: Float[Tensor, "B K c h w"]) -> Float[Tensor, "B K c H W"]:
        """Each patch on a canvas of its own."""
        return place(patches, self.rows, self.columns)


@dataclass(frozen=True)
class Placed:
    """K patches and where they go. Their weighted sum needs one canvas, not K.

    Attributes:
        patches: intensities.
        placement: windows in which they are written.
    """

    patches: Float[Tensor, "B K C h w"]
    placement: Placement

    @classmethod
    def joined(cls, parts: Sequence["Placed"]) -> "Placed":
        """The slots of all parts, in their order."""
        rows = torch.cat([part.placement.rows for part in parts], dim=1)
        columns = torch.cat([part.placement.columns for part in parts], dim=1)
        return cls(torch.cat([part.patches for part in parts], dim=1), Placement(rows, columns))

    def canvases(self) -> Float[Tensor, "B K C H W"]:
        """Each patch on a canvas of its own."""
        return self.placement.write(self.patches)

    def strips(self) -> Float[Tensor, "B K h C W"]:
        """The patches, as wide as the canvas and no higher than they were."""
        height = self.patches.shape[-2]
        lines = rearrange(self.patches, "b k c h w -> b k (c h) w")
        lines = lines @ rearrange(self.placement.columns, "b k W w -> b k w W")
        return rearrange(lines, "b k (c h) W -> b k h c W", h=height)

    def weighted_sum(self, weights: Float[Tensor, "S B K"]) -> Float[Tensor, "S B C H W"]:
        """Σ_k weight_k canvas_k for each of S weightings.

        All slots' row weights side by side, times all weighted strips one below the other.
        """
        strips = self.strips()
        channels = strips.shape[-2]
        weighted = einsum(weights.to(strips.dtype), strips, "s b k, b k h c W -> b k h s c W")
        stacked = rearrange(weighted, "b k h s c W -> b (k h) (s c W)")
        canvas = rearrange(self.placement.rows, "b k H h -> b H (k h)") @ stacked
        return rearrange(canvas, "b H (s c W) -> s b c H W", s=len(weights), c=channels)

    @torch.no_grad()
    def subtract_from_(self, canvas: Float[Tensor, "B C H W"]) -> None:
        """Subtracts the first object from a canvas, in place, without drawing it on one of its own.
        There are no gradients."""
        b, c = canvas.shape[:2]
        strips = rearrange(self.strips()[:, 0], "b h c W -> (b c) h W").to(canvas.dtype)
        rows = repeat(self.placement.rows[:, 0], "b H h -> (b c) H h", c=c).to(canvas.dtype)
        canvas.view(b * c, *canvas.shape[2:]).baddbmm_(rows, strips, alpha=-1)
