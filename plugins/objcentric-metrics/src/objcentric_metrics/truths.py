"""What a metric reads of the truth, once it is known to be there.

Evaluation asks a metric only where its `truth` is known; what is missing here is its error.
"""

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from torch import Tensor

from objcentric.interfaces import Truth


def counts_of(truth: Truth) -> Int[Tensor, " B"]:
    """Objects per scene."""
    assert truth.counts is not None, "the metric needs counts"
    return truth.counts


def boxes_of(truth: Truth) -> Float[Tensor, "B M 4"]:
    """`(x0, y0, x1, y1)` in pixels."""
    assert truth.boxes is not None, "the metric needs boxes"
    return truth.boxes


def segmentation_of(truth: Truth) -> Int[Tensor, "B H W"]:
    """0 for the background, m+1 for object m; as integers that can be counted with."""
    assert truth.segmentation is not None, "the metric needs segmentation"
    return truth.segmentation.int()


def most_objects(truth: Truth) -> int:
    """M, the most objects that a scene can hold.

    From the shape of what is known of each object; else the largest count of the batch, which
    waits for the device.
    """
    for known in (truth.boxes, truth.labels):
        if known is not None:
            return known.shape[1]
    return int(counts_of(truth).max())


def exists(truth: Truth, objects: int) -> Bool[Tensor, "B M"]:
    """Which of `objects` entries are objects of their scene."""
    counts = counts_of(truth)
    number = torch.arange(objects, device=counts.device)
    return number < rearrange(counts, "b -> b 1")
