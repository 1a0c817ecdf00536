"""How well attention windows fit the objects."""

import torch
from einops import rearrange
from jaxtyping import Bool, Float
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


def matched_iou(
    found: Float[Tensor, "B K 4"],
    present: Bool[Tensor, "B K"],
    true: Float[Tensor, "B M 4"],
    exists: Bool[Tensor, "B M"],
) -> Float[Tensor, " B"]:
    """Sum over a scene's objects of the IoU with the found box that is theirs.

    Boxes are matched greedily, best pair first; an object that nothing was found for counts 0.
    """
    pairs = rearrange(present, "b k -> b k 1") & rearrange(exists, "b m -> b 1 m")
    iou = pairwise_iou(found, true) * pairs
    slots, objects = iou.shape[1:]
    total = iou.new_zeros(iou.shape[0])
    scene = torch.arange(iou.shape[0], device=iou.device)
    for _ in range(min(slots, objects)):
        best, pair = rearrange(iou, "b k m -> b (k m)").max(-1)
        total = total + best
        iou = iou.clone()
        iou[scene, pair // objects] = 0.0
        iou[scene, :, pair % objects] = 0.0
    return total


def _area(boxes: Float[Tensor, "... 4"]) -> Float[Tensor, "..."]:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)
