"""The share of an object's intensity inside a window (`ink_enclosed`)."""

import torch
from einops import einsum, rearrange, reduce
from jaxtyping import Float, Int
from torch import Tensor


def ink_enclosed(
    image: Float[Tensor, "B C H W"],
    segmentation: Int[Tensor, "B H W"],
    boxes: Float[Tensor, "B K 4"],
    objects: int,
) -> Float[Tensor, "B K M"]:
    """Share of each object's intensity that lies inside each window, in [0, 1].

    Unlike the overlap of boxes, it depends neither on how tight a window is nor on the margin of an
    object's box.

    Args:
        image: intensities.
        segmentation: 0 for the background, m+1 where object m shows most.
        boxes: windows `(x0, y0, x1, y1)`; a pixel is inside if its centre is.
        objects: M.
    """
    height, width = image.shape[-2:]
    number = torch.arange(1, objects + 1, device=image.device)
    mine = rearrange(segmentation, "b h w -> b 1 h w") == rearrange(number, "m -> m 1 1")
    ink = reduce(image, "b c h w -> b 1 h w", "sum") * mine
    x0, y0, x1, y1 = rearrange(boxes, "b k side -> side b k 1")
    across = torch.arange(width, device=image.device) + 0.5
    down = torch.arange(height, device=image.device) + 0.5
    columns = ((across > x0) & (across < x1)).to(ink.dtype)
    rows = ((down > y0) & (down < y1)).to(ink.dtype)
    inside = einsum(
        einsum(ink, rows, "b m h w, b k h -> b k m w"), columns, "b k m w, b k w -> b k m"
    )
    return inside / reduce(ink, "b m h w -> b 1 m", "sum").clamp(min=1e-12)
