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
    """Adjusted Rand index of the true and the found segments, mean over images.

    Of all pairs of pixels, it counts those that both segmentations keep together or both keep
    apart, such that chance scores 0 and agreement 1. The background is a segment like any other,
    and in most scenes the largest one, so this mostly says how well the background is found.
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
    """Adjusted Rand index on the pixels of true objects only, mean over images that have any.

    What is found on them counts as it is: the found background is one more segment. How tight
    masks are is not asked, since pixels of the true background are left out.

    An image with one object scores 1 if one segment covers all of it and 0 otherwise, whatever its
    parts. Images of no object are left out; the figure is None if all are.
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

    As scikit-learn has it: 1 if they are the same, that of no points and of one point included.
    """
    both = reduce(_pairs(shared), "b t f -> b", "sum")  # pairs that both keep together
    true = reduce(_pairs(shared.sum(2)), "b t -> b", "sum")
    found = reduce(_pairs(shared.sum(1)), "b f -> b", "sum")
    parted, joined = true - both, found - both  # pairs wrongly so
    neither = _pairs(shared.sum((1, 2))) - true - joined
    same = (parted == 0) & (joined == 0)
    # Products of pairs are beyond 64-bit integers from images of 300x300 on.
    both, parted, joined, neither = (n.double() for n in (both, parted, joined, neither))
    above = 2 * (both * neither - parted * joined)
    below = (both + parted) * (parted + neither) + (both + joined) * (joined + neither)
    return torch.where(same, 1.0, above / torch.where(same, 1.0, below))


def _pairs(points: Int[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    return points * (points - 1) // 2
