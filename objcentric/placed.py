"""Objects as patches and the places where they go (`Placement`, `Placed`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from einops import einsum, rearrange
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

    def subtracted_from(self, canvas: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        """The canvas minus the first object, which is never drawn on a canvas of its own."""
        b, c = canvas.shape[:2]
        strips = rearrange(self.strips()[:, 0], "b h c W -> (b c) h W")
        rows = self.placement.rows[:, :1].expand(-1, c, -1, -1).flatten(0, 1)
        left = torch.baddbmm(canvas.flatten(0, 1), rows, strips, alpha=-1)
        return left.unflatten(0, (b, c))
