"""Groups of pixels: their shares, whether they are in one piece, their middle (`Groups`)."""

from typing import NamedTuple

import torch
from einops import rearrange, reduce
from jaxtyping import Bool, Float
from torch import Tensor

from objcentric.blocks.separable import centres

TINY = 1e-6
"""Added to sums that divide, so that an empty group lies at its seed."""

BENDS = 8
"""Passes over all rows and all columns in which a piece grows; a path may bend so often."""


class Groups(NamedTuple):
    """K groups of pixels for each image.

    Attributes:
        shares: the share of each pixel that belongs to each group, in [0, 1].
        places: the middle of each group, x and y in [-1, 1].
        heights: height of the blurred map at each group's seed.
    """

    shares: Float[Tensor, "B K H W"]
    places: Float[Tensor, "B K 2"]
    heights: Float[Tensor, "B K"]

    def largest(self, n: int) -> "Groups":
        """The n groups with most pixels, the largest first."""
        sizes = reduce(self.shares, "b k h w -> b k", "sum")
        chosen = sizes.argsort(dim=1, descending=True, stable=True)[:, :n]
        image = rearrange(torch.arange(len(sizes), device=sizes.device), "b -> b 1")
        return Groups(*(each[image, chosen] for each in self))


def in_one_piece(mask: Bool[Tensor, "B H W"], seed: Float[Tensor, "B 2"]) -> Float[Tensor, "B H W"]:
    """1 where a path inside of the mask leads from the seed, 0 elsewhere.

    A pass extends the piece to the ends of all runs along rows, and then along columns. Its cost
    does not depend on the image's content, and nothing waits for the device.

    Args:
        mask: where paths may lead.
        seed: x and y in [-1, 1].
    """
    height, width = mask.shape[-2:]
    x, y = rearrange(seed, "b xy -> xy b 1")
    columns = (centres(width, seed) - x).abs() * width <= 1
    rows = (centres(height, seed) - y).abs() * height <= 1
    piece = mask & rearrange(rows, "b h -> b h 1") & rearrange(columns, "b w -> b 1 w")
    piece = piece.to(seed.dtype)
    for _ in range(BENDS):
        piece = _along_rows(piece, mask)
        piece = _along_rows(piece.mT, mask.mT).mT
    return piece


def _along_rows(
    piece: Float[Tensor, "B H W"], mask: Bool[Tensor, "B H W"]
) -> Float[Tensor, "B H W"]:
    """The piece, extended to all runs of the mask along rows that it touches."""
    run = (~mask).long().cumsum(-1)  # the same number for all pixels of a run
    touched = piece.new_zeros((*piece.shape[:-1], piece.shape[-1] + 1))
    touched.scatter_add_(-1, run, piece)
    return ((touched.gather(-1, run) > 0) & mask).to(piece.dtype)


def middle(
    weights: Float[Tensor, "B H W"], otherwise: Float[Tensor, "B 2"]
) -> Float[Tensor, "B 2"]:
    """The centre of mass of each map, x and y in [-1, 1]; `otherwise` where it is empty."""
    columns, rows = reduce(weights, "b h w -> b w", "sum"), reduce(weights, "b h w -> b h", "sum")
    total = reduce(weights, "b h w -> b 1", "sum")
    x, y = (
        reduce(line * centres(line.shape[1], otherwise), "b p -> b 1", "sum")
        for line in (columns, rows)
    )
    return (torch.cat([x, y], dim=-1) + TINY * otherwise) / (total + TINY)
