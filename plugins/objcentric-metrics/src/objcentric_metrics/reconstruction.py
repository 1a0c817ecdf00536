"""Metrics of the reconstruction: `Mse`."""

from collections.abc import Mapping

from einops import reduce
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.means import mean_figure, mean_measure
from objcentric_metrics.precision import at_least_single


class Mse(Metric):
    """Squared error of the canvas per pixel and channel, with intensities in [0, 1].

    Papers that sum over pixels report this figure times C·H·W.
    """

    title = "squared error per pixel"
    digits = 5
    better = "lower"
    bounds = (0.0, float("inf"))
    reference = "scikit-learn, mean_squared_error"
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        error = at_least_single(judged.inference.canvas) - at_least_single(judged.image)
        return mean_measure(reduce(error.double() ** 2, "b c h w -> b", "mean"))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)
