"""Bounds and likelihoods in nats per image: `Elbo`, `Iwae`, `Nll`."""

import math
from collections.abc import Mapping

import torch
from pydantic import PositiveInt
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric
from objcentric_metrics.means import mean_figure, mean_measure


class Elbo(Metric):
    """Evidence lower bound (ELBO): E_q[log p(image, z) - log q(z | image)] ≤ log p(image).

    Args:
        samples: posterior samples per image; more make the figure less noisy, not larger.
    """

    abilities = frozenset({"density"})
    title = "ELBO (nats per image)"
    digits = 2
    better = "higher"
    reference = "Kingma & Welling 2014, arXiv:1312.6114, equation 2"
    customary = True

    def __init__(self, *, samples: PositiveInt = 1) -> None:
        self.samples = samples

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        log_weights = judged.model.log_weights(judged.image, self.samples)
        return mean_measure(log_weights.double().mean(0))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


class Iwae(Metric):
    """Importance-weighted bound (IWAE): E log (1/n Σ p(image, z_i) / q(z_i | image)), z_i ~ q.

    With n = 1 it is the ELBO; as n grows it tends to log p(image). Figures for different n cannot
    be compared.

    Args:
        samples: n, posterior samples per image.
        at_once: number of samples drawn at once; limits memory, and does not change the figure.
    """

    abilities = frozenset({"density"})
    title = "IWAE bound (nats per image)"
    digits = 2
    better = "higher"
    reference = "Burda et al. 2016, arXiv:1509.00519, equation 8"

    def __init__(self, *, samples: PositiveInt = 100, at_once: PositiveInt = 10) -> None:
        self.samples = samples
        self.at_once = at_once

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        parts = [
            judged.model.log_weights(judged.image, min(self.at_once, self.samples - done))
            for done in range(0, self.samples, self.at_once)
        ]
        log_weights = torch.cat(parts).double()  # (n, B)
        return mean_measure(log_weights.logsumexp(0) - math.log(self.samples))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)


class Nll(Metric):
    """Negative log-likelihood of the image given the scene: -log p(image | z), z ~ q(z | image)."""

    abilities = frozenset({"density"})
    title = "negative log-likelihood (nats per image)"
    digits = 2
    better = "lower"
    reference = "Kingma & Welling 2014, arXiv:1312.6114, equation 3 (second term)"
    customary = True

    def measure(self, judged: Judged) -> dict[str, Tensor]:
        return mean_measure(-judged.model.log_likelihood(judged.image))

    def figure(self, total: Mapping[str, Tensor]) -> Figure:
        return mean_figure(total)
