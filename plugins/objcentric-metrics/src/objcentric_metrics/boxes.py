"""Intersection over union of boxes (`pairwise_iou`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor


def pairwise_iou(
    found: Float[Tensor, "B K 4"], true: Float[Tensor, "B M 4"]
) -> Float[Tensor, "B K M"]:
    """Intersection over union of each found box with each true box, `(x0, y0, x1, y1)`."""
    found, true = rearrange(found, "b k c -> b k 1 c"), rearrange(true, "b m c -> b 1 m c")
    top_left = torch.maximum(found[..., :2], true[..., :2])
    bottom_right = torch.minimum(found[..., 2:], true[..., 2:])
    shared = (bottom_right - top_left).clamp(min=0).prod(-1)
    union = _area(found) + _area(true) - shared
    return torch.where(union > 0, shared / union.clamp(min=1e-12), 0.0)


def _area(boxes: Float[Tensor, "... 4"]) -> Float[Tensor, "..."]:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)
