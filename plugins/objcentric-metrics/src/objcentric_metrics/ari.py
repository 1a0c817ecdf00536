"""Agreement of segmentations, corrected for chance: `Ari`, `FgAri`."""

from collections.abc import Mapping

import torch
from einops import reduce
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.means import mean_figure, mean_measure
from objcentric_metrics.segments import shared_pixels


class Ari(Metric):
    """Adjusted Rand index (ARI) of the true and the found segments, mean over images.

    It counts the pairs of pixels that both segmentations keep together or both keep apart, scaled
    such that chance scores 0 and agreement 1. The background is a segment like any other. In most
    scenes it is the largest, so this figure mostly says how well the background is found.
    """

    truth = frozenset({"segmentation"})
    title = "ARI, with background"
    better = "higher"
    bounds = (-0.5, 1.0)
    reference = "Hubert & Arabie 1985, doi:10.1007/BF01908075; scikit-learn, adjusted_rand_score"

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        return mean_measure(adjusted_rand_index(shared_pixels(judged)))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


class FgAri(Metric):
    """Adjusted Rand index (FG-ARI) on pixels of true objects only, mean over images with objects.

    On these pixels the found background is one more segment. Pixels of the true background are left
    out, so masks that are too large cost nothing.

    An image with one object scores 1 if one segment covers all of it, and 0 otherwise. Images
    without objects are left out; the figure is None if there are no others.
    """

    truth = frozenset({"segmentation"})
    title = "ARI on objects"
    better = "higher"
    bounds = (-0.5, 1.0)
    reference = (
        "Greff et al. 2019, arXiv:1903.00450; scikit-learn, adjusted_rand_score on true foreground"
    )
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        on_objects = shared_pixels(judged)[:, 1:]
        return mean_measure(adjusted_rand_index(on_objects), on_objects.sum((1, 2)) > 0)

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


def adjusted_rand_index(shared: Int[Tensor, "B true found"]) -> Float[Tensor, " B"]:
    """Adjusted Rand index of two partitions from the number of points that their parts share.

    As in scikit-learn, equal partitions score 1, and so do those of no point or of one point.
    """
    both = reduce(_pairs(shared), "b t f -> b", "sum")  # pairs that are together in both
    true = reduce(_pairs(shared.sum(2)), "b t -> b", "sum")
    found = reduce(_pairs(shared.sum(1)), "b f -> b", "sum")
    parted, joined = true - both, found - both  # wrongly parted, wrongly joined pairs
    neither = _pairs(shared.sum((1, 2))) - true - joined
    same = (parted == 0) & (joined == 0)
    # Products of pairs are beyond 64-bit integers from images of 300x300 on.
    both, parted, joined, neither = (n.double() for n in (both, parted, joined, neither))
    above = 2 * (both * neither - parted * joined)
    below = (both + parted) * (parted + neither) + (both + joined) * (joined + neither)
    return torch.where(same, 1.0, above / torch.where(same, 1.0, below))


def _pairs(points: Int[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    return points * (points - 1) // 2
