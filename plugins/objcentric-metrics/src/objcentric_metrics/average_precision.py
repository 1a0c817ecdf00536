"""Average precision of detections: `BoxAp`, `MaskAp`."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.boxes import pairwise_iou
from objcentric_metrics.segments import object_iou, shared_pixels, visible_objects
from objcentric_metrics.truths import boxes_of, counts_of, exists
from objcentric_metrics.windows import windows_of

THRESHOLDS = tuple(twentieths / 20 for twentieths in range(10, 20))
"""0.50, 0.55, …, 0.95."""

Points = Annotated[int, Field(ge=2)]


class _AveragePrecision(Metric):
    """Average precision of slots as detections of objects, mean over IoU 0.50, 0.55, …, 0.95.

    Slots with a presence probability above 0.5 are detections; that probability is their
    confidence. The detections of an image are taken in order of falling confidence. Each belongs to
    the object that it overlaps most. It is right if their IoU is above the threshold and no earlier
    detection was right about the same object. Precision at a recall is the best precision at that
    recall or a higher one, over the detections of all images.
    """

    better = "higher"
    bounds = (0.0, 1.0)

    def __init__(self, *, points: Points | None = 11) -> None:
        self.points = points

    @abstractmethod
    def overlaps(self, judged: Judged) -> tuple[Float[Tensor, "B K M"], Int[Tensor, " B"]]:
        """IoU of slots and objects, and how many objects each image has."""

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        iou, objects = self.overlaps(judged)
        confidence, order = judged.inference.presence_probs.sort(
            dim=1, descending=True, stable=True
        )
        iou = iou.take_along_dim(rearrange(order, "b k -> b k 1"), dim=1)
        return {
            "confidence": rearrange(confidence, "b k -> (b k)"),
            "right": rearrange(right_detections(iou, confidence > 0.5), "t b k -> (b k) t"),
            "objects": objects.sum(),
        }

    def combine(self, total: dict[str, Tensor], batch: dict[str, Tensor]) -> dict[str, Tensor]:
        return {
            "confidence": torch.cat([total["confidence"], batch["confidence"]]),
            "right": torch.cat([total["right"], batch["right"]]),
            "objects": total["objects"] + batch["objects"],
        }

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        objects = int(total["objects"])
        if not objects:
            return None
        order = total["confidence"].argsort(descending=True, stable=True)
        order = order[: int((total["confidence"] > 0.5).sum())]
        right = rearrange(total["right"][order], "n t -> t n")
        return average_precision(right, objects, self.points).mean().item()


class BoxAp(_AveragePrecision):
    """Average precision of windows as detections of objects' boxes, mean over 10 IoU thresholds.

    The thresholds are 0.50, 0.55, …, 0.95; an IoU has to exceed them. `docs/metrics.md` says what a
    detection is and when it is right. A model scores 1 if it puts one exact window on each object
    and is less confident of all its other windows.

    Args:
        points: number of recalls, evenly spaced from 0 to 1, at which precision is averaged; null
            for the area under the curve.
    """

    truth = frozenset({"counts", "boxes"})
    abilities = frozenset({"presence", "boxes"})
    title = "AP of windows"
    reference = "Lin et al. 2020 (SPACE), arXiv:2001.02407"

    def overlaps(self, judged: Judged) -> tuple[Float[Tensor, "B K M"], Int[Tensor, " B"]]:
        found, true = windows_of(judged.inference).double(), boxes_of(judged.truth).double()
        there = rearrange(exists(judged.truth, true.shape[1]), "b m -> b 1 m")
        return pairwise_iou(found, true) * there, counts_of(judged.truth)


class MaskAp(_AveragePrecision):
    """Average precision of slots' segments as detections of objects, mean over 10 IoU thresholds.

    Like `BoxAp`, with the IoU of segments. Only objects with at least one visible pixel count.

    Args:
        points: number of recalls, evenly spaced from 0 to 1, at which precision is averaged; null
            for the area under the curve.
    """

    truth = frozenset({"segmentation"})
    abilities = frozenset({"presence"})
    title = "AP of segments"
    reference = "Lin et al. 2020 (SPACE), arXiv:2001.02407 (of boxes there)"

    def overlaps(self, judged: Judged) -> tuple[Float[Tensor, "B K M"], Int[Tensor, " B"]]:
        shared = shared_pixels(judged)
        return rearrange(object_iou(shared), "b m k -> b k m"), visible_objects(shared)


def right_detections(
    iou: Float[Tensor, "B K M"], detected: Bool[Tensor, "B K"]
) -> Bool[Tensor, "thresholds B K"]:
    """Which slots, the most confident first, are the first to be right about an object."""
    if not iou.shape[2]:
        return detected.new_zeros(len(THRESHOLDS), *detected.shape)
    best, of_object = iou.max(2)
    limits = torch.tensor(THRESHOLDS, dtype=best.dtype, device=best.device)
    above = (best > rearrange(limits, "t -> t 1 1")) & detected  # (thresholds, B, K)
    objects = torch.arange(iou.shape[2], device=iou.device)
    claims = rearrange(above, "t b k -> t b k 1") & (
        rearrange(of_object, "b k -> b k 1") == objects
    )
    return (claims & (claims.cumsum(2) == 1)).any(3)


def average_precision(
    right: Bool[Tensor, "thresholds D"], objects: int, points: int | None
) -> Float[Tensor, " thresholds"]:
    """Average precision of D detections, the most confident first.

    Args:
        right: which detections are right.
        objects: number of true objects, positive.
        points: as for `BoxAp`.
    """
    hits = right.cumsum(1)
    precision = hits / torch.arange(1, right.shape[1] + 1, dtype=torch.float64)
    # The best precision from here on; 0 at recalls that are not reached.
    best = F.pad(precision, (0, 1)).flip(1).cummax(1).values.flip(1)
    if points is None:
        return (best[:, :-1] * right).sum(1) / objects
    recalls = torch.arange(points) * objects
    needed = -(-recalls // (points - 1))  # hits for a recall, in whole numbers: nothing is rounded
    reached = torch.searchsorted(hits, needed.expand(len(hits), -1).contiguous())
    return best.gather(1, reached).mean(1)
