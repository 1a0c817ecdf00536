"""Overlap of objects and the slots' segments: `Mbo`, `Miou`."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.means import mean_figure, mean_measure
from objcentric_metrics.segments import object_iou, shared_pixels, visible_objects


class Mbo(Metric):
    """Mean best overlap (mBO): the largest IoU of each object with any slot's segment.

    The mean is over the objects of an image, then over images with objects. Objects may share a
    slot. The found background is not a slot, so an object that is assigned to it scores 0. Two
    objects of the same size that fill one segment together score 0.5 each.
    """

    truth = frozenset({"segmentation"})
    title = "mean best overlap"
    better = "higher"
    bounds = (0.0, 1.0)
    reference = (
        "Pont-Tuset et al. 2017, doi:10.1109/TPAMI.2016.2537320; "
        "Seitzer et al. 2023, arXiv:2209.14860"
    )
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        shared = shared_pixels(judged)
        return _mean_of_objects(object_iou(shared).amax(2).sum(1), visible_objects(shared))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


class Miou(Metric):
    """Mean IoU (mIoU) of objects and slots' segments under the best one-to-one matching.

    Each slot is matched with one object at most. The sum of IoUs is divided by the number of
    objects: an object that is left without a slot counts 0, and a surplus slot costs nothing. The
    mean is over the objects of an image, then over images with objects. Two objects of the same
    size that fill one segment together score 0.5 and 0.
    """

    truth = frozenset({"segmentation"})
    title = "mean IoU of matched segments"
    better = "higher"
    bounds = (0.0, 1.0)
    reference = "Kuhn 1955, doi:10.1002/nav.3800020109 (matching); SciPy, linear_sum_assignment"
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        shared = shared_pixels(judged)
        return _mean_of_objects(best_matching(object_iou(shared)), visible_objects(shared))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


def best_matching(scores: Float[Tensor, "B M K"]) -> Float[Tensor, " B"]:
    """The largest sum of scores of a one-to-one matching of objects and slots.

    It is computed on the CPU.

    Args:
        scores: not negative.
    """
    from scipy.optimize import linear_sum_assignment

    best = [
        scene[linear_sum_assignment(scene, maximize=True)].sum() for scene in scores.cpu().numpy()
    ]
    return torch.tensor(best, dtype=scores.dtype, device=scores.device)


def _mean_of_objects(total: Float[Tensor, " B"], objects: Int[Tensor, " B"]) -> dict[str, Tensor]:
    return mean_measure(total / objects.clamp(min=1), objects > 0)
