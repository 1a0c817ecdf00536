"""Sampling by row and column weights: `look` and `bilinear`."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def look(
    image: Float[Tensor, "B C H W"],
    rows: Float[Tensor, "B K h H"],
    columns: Float[Tensor, "B K w W"],
) -> Float[Tensor, "B K C h w"]:
    """Reads K windows of an image: rows · image · columnsᵀ for each window.

    Args:
        image: the image.
        rows: weight of each row of the image in each row of the patch.
        columns: weight of each column of the image in each column of the patch.
    """
    all_rows = rearrange(rows, "b k h H -> b 1 (k h) H")  # one product for all K windows
    strips = rearrange(all_rows @ image, "b c (k h) W -> b k c h W", k=rows.shape[1])
    return strips @ rearrange(columns, "b k w W -> b k 1 W w")


def centres(size: int, like: Tensor) -> Float[Tensor, " size"]:
    """Pixel centres of a line of `size` pixels, in [-1, 1]."""
    return (2 * torch.arange(size, dtype=like.dtype, device=like.device) + 1) / size - 1


def bilinear(
    scale: Float[Tensor, "B K"], shift: Float[Tensor, "B K"], targets: int, sources: int
) -> Float[Tensor, "B K targets sources"]:
    """Weights that sample a line of `sources` pixels at `targets` points.

    Target pixel i, at v_i in [-1, 1], shows the point scale·v_i + shift of the source. Its value is
    interpolated between the two nearest source pixels, and is 0 outside the source.
    """
    point = rearrange(scale, "b k -> b k 1") * centres(targets, scale)
    pixel = ((point + rearrange(shift, "b k -> b k 1") + 1) * sources - 1) / 2
    # Two weights per target, scattered to their sources; bins 0 and sources + 1 are outside.
    left = pixel.detach().floor()
    share = pixel - left
    bins = torch.stack([left + 1, left + 2], dim=-1).long().clamp(0, sources + 1)
    weights = pixel.new_zeros(*pixel.shape, sources + 2)
    return weights.scatter(-1, bins, torch.stack([1 - share, share], dim=-1))[..., 1:-1]
