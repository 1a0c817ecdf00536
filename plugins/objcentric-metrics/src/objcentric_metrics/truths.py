"""Access to the parts of the truth that a metric needs.

Evaluation calls a metric only where its `truth` is known. A part that is missing here was not
declared by the metric.
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


def labels_of(truth: Truth) -> Int[Tensor, "B M"]:
    """Class of each object; -1 where there is none."""
    assert truth.labels is not None, "the metric needs labels"
    return truth.labels


def segmentation_of(truth: Truth) -> Int[Tensor, "B H W"]:
    """0 for the background, m+1 for object m; as integers that can be counted with."""
    assert truth.segmentation is not None, "the metric needs segmentation"
    return truth.segmentation.int()


def most_objects(truth: Truth) -> int:
    """M, the most objects that a scene can hold.

    It follows from the shape of whatever is known of each object. If nothing is, it is the largest
    count of the batch, for which the host waits.
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
