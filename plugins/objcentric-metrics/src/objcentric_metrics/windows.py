"""Metrics of the fit of windows to objects: `BoxIou`, `InkEnclosed`."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Figure, Inference, Judged, Metric
from objcentric_metrics.boxes import pairwise_iou
from objcentric_metrics.greedy_matching import matched_sum
from objcentric_metrics.ink import ink_enclosed
from objcentric_metrics.means import mean_figure
from objcentric_metrics.precision import at_least_single
from objcentric_metrics.truths import boxes_of, counts_of, exists, most_objects, segmentation_of


class BoxIou(Metric):
    """Mean IoU of true objects' boxes and the windows that are matched with them.

    The windows of present slots and the boxes are matched greedily, the best pair first. An object
    that is left without a window counts 0; a surplus window costs nothing.
    """

    truth = frozenset({"counts", "boxes"})
    abilities = frozenset({"boxes"})
    title = "IoU of windows"
    better = "higher"
    bounds = (0.0, 1.0)
    reference = "Everingham et al. 2010, doi:10.1007/s11263-009-0275-4, section 4.2 (overlap)"
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        found = windows_of(judged.inference)
        return _mean_over_objects(pairwise_iou(found, boxes_of(judged.truth).to(found)), judged)

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


class InkEnclosed(Metric):
    """Share of a true object's intensity that lies inside its window, mean over objects.

    Windows and objects are matched as for `BoxIou`. The figure depends neither on how tight a
    window is nor on the margin that a data set's boxes leave around objects. A window that shows
    the whole image scores 1 for the one object that is matched with it.
    """

    truth = frozenset({"counts", "segmentation"})
    abilities = frozenset({"boxes"})
    title = "share of an object in its window"
    style = "percent"
    digits = 3
    better = "higher"
    bounds = (0.0, 1.0)
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        shown = ink_enclosed(
            at_least_single(judged.image),
            segmentation_of(judged.truth),
            windows_of(judged.inference),
            most_objects(judged.truth),
        )
        return _mean_over_objects(shown, judged)

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


def windows_of(inference: Inference) -> Float[Tensor, "B K 4"]:
    """The slots' windows, `(x0, y0, x1, y1)` in pixels."""
    assert inference.boxes is not None, "the metric needs a model with the ability 'boxes'"
    return at_least_single(inference.boxes)


def _mean_over_objects(scores: Float[Tensor, "B K M"], judged: Judged) -> dict[str, Tensor]:
    there = exists(judged.truth, scores.shape[2])
    matched = matched_sum(scores, judged.inference.presence > 0.5, there)
    return {"sum": matched.double().sum(), "number": counts_of(judged.truth).sum()}
