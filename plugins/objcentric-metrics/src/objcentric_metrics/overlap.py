"""Overlap of objects and the slots' segments: `Mbo`, `Miou`."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.means import mean_figure, mean_measure
from objcentric_metrics.segments import object_iou, shared_pixels, visible_objects


class Mbo(Metric):
    """Mean best overlap: of each object, the largest IoU that a slot's segment has with it.

    A mean over the objects of an image, then over images with objects. Objects may share a slot.
    The found background is no slot, so an object that is left to it scores 0. Two objects of the
    same size, both in one segment that has nothing else, score 0.5 each.
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
    """Mean IoU of objects and slots' segments under the matching that makes it largest.

    Each slot goes to one object at most. Pairs are divided by the number of objects: one that no
    slot is left for counts 0, a slot too many costs nothing. A mean over the objects of an image,
    then over images with objects. Two objects of the same size, both in one segment that has
    nothing else, score 0.5 and 0.
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
    """The largest sum of scores of pairs that have no object and no slot in common.

    Found on the CPU.

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
