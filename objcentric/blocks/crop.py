"""Crops around places (`crop`, `crops`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.blocks.separable import centres


def crop(
    image: Float[Tensor, "B C H W"],
    place: Float[Tensor, "B 2"],
    window: Float[Tensor, "2"],
    size: int,
) -> Float[Tensor, "B C size size"]:
    """One crop per image, resampled bilinearly; 0 outside the image.

    Example: `crop(image, place, torch.tensor([30.0, 30.0]), size=20)`.

    Args:
        image: the images.
        place: the middle of each crop, x and y in [-1, 1].
        window: width and height of the crops, in pixels of the image.
        size: side of the results, in pixels.
    """
    _, _, height, width = image.shape
    line = centres(size, place)
    across, down = window.to(place.dtype).unbind()
    x, y = place.split(1, dim=-1)
    columns = rearrange(x + line * (across / width), "b w -> b 1 w")
    rows = rearrange(y + line * (down / height), "b h -> b h 1")
    grid = torch.stack(torch.broadcast_tensors(columns, rows), dim=-1)
    return F.grid_sample(image, grid.to(image.dtype), align_corners=False)


def crops(
    image: Float[Tensor, "B C H W"],
    place: Float[Tensor, "B K 2"],
    window: Float[Tensor, "2"],
    size: int,
) -> Float[Tensor, "B K C size size"]:
    """K crops per image (`crop`), at places `(B, K, 2)`."""
    n, slots, _ = place.shape
    copies = image.unsqueeze(1).expand(-1, slots, -1, -1, -1)
    seen = crop(
        rearrange(copies, "b k c h w -> (b k) c h w"),
        rearrange(place, "b k xy -> (b k) xy"),
        window,
        size,
    )
    return rearrange(seen, "(b k) c h w -> b k c h w", b=n)
