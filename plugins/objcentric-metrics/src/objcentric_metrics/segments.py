"""Pixels that true and found segments share (`shared_pixels`), and their IoUs (`object_iou`)."""

import torch
from einops import rearrange, reduce
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.interfaces import Judged
from objcentric_metrics.truths import segmentation_of


def shared_pixels(judged: Judged) -> Int[Tensor, "B true found"]:
    """Number of pixels that each true segment shares with each found segment.

    A pixel belongs to the largest mask there, the first of equal ones. The background comes first
    among the M+1 true segments (rows) and among the K+1 found ones (columns).
    """
    true = segmentation_of(judged.truth)
    found = judged.inference.segmentation
    rows, columns = _segments(judged), judged.inference.masks.shape[1]
    cell = rearrange(true * columns + found, "b h w -> b (h w)")
    scene = rearrange(torch.arange(len(cell), device=cell.device), "b -> b 1")
    table = torch.bincount(
        rearrange(scene * (rows * columns) + cell, "b p -> (b p)"),
        minlength=len(cell) * rows * columns,
    )
    return rearrange(table, "(b m k) -> b m k", m=rows, k=columns)


def object_iou(shared: Int[Tensor, "B true found"]) -> Float[Tensor, "B true-1 found-1"]:
    """Intersection over union of each object with each slot's segment, in double precision.

    0 where there is no object or the slot's segment is empty.
    """
    true = reduce(shared, "b m k -> b m 1", "sum")
    found = reduce(shared, "b m k -> b 1 k", "sum")
    iou = shared.double() / (true + found - shared).clamp(min=1)
    return iou[:, 1:, 1:]


def visible_objects(shared: Int[Tensor, "B true found"]) -> Int[Tensor, " B"]:
    """Number of objects that show at least one pixel."""
    return (shared[:, 1:].sum(-1) > 0).sum(-1)


def _segments(judged: Judged) -> int:
    """M + 1. If only the segmentation is known, this is the largest number in it plus 1, for which
    the host waits."""
    for known in (judged.truth.boxes, judged.truth.labels):
        if known is not None:
            return known.shape[1] + 1
    return int(segmentation_of(judged.truth).max()) + 1
