"""Bias and variance of a gradient estimator, measured against the sum over all presence codes."""

import copy
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import GradientEstimator
from objcentric.presence import OrderedPresence, Presence
from objcentric.testing.errors import CheckSkipped
from objcentric.testing.small_scene import MAX_TUPLES, SmallScene
from objcentric.testing.z_scores import z_scores

REPLICAS = 8_000
CHUNK = 4_000
SHAKE = 0.1
"""Noise on initial weights: a network that outputs 0 cannot show a bias."""


@dataclass(frozen=True)
class GradientStatistics:
    """Bias and variance of every component of a gradient.

    The gradient is taken with respect to the posterior's log-odds, the layers from which the cost
    is computed, and the prior's log-odds.

    Attributes:
        bias: mean of the estimates minus the exact gradient.
        standard_error: standard error of the bias.
        variance: variance of one estimate.
        exact: the exact gradient.
        scores: the bias in standard errors; rounding counts as an error, too.
        codes: number of presence codes per image.
    """

    bias: Float[Tensor, " gradients"]
    standard_error: Float[Tensor, " gradients"]
    variance: Float[Tensor, " gradients"]
    exact: Float[Tensor, " gradients"]
    scores: Float[Tensor, " gradients"]
    codes: int

    @property
    def relative_bias(self) -> float:
        """|bias| / |exact gradient|."""
        return float(self.bias.norm() / self.exact.norm())

    @property
    def relative_error(self) -> float:
        """The `relative_bias` that chance alone gives an unbiased estimator."""
        return float(self.standard_error.norm() / self.exact.norm())

    @property
    def relative_variance(self) -> float:
        """Sum of the components' variances / |exact gradient|²."""
        return float(self.variance.sum() / self.exact.square().sum())

    @property
    def largest_score(self) -> float:
        """The largest bias of a component, in standard errors."""
        return float(self.scores.abs().max())

    def __str__(self) -> str:
        return (
            f"bias {self.relative_bias:.1%} of the gradient (chance alone: "
            f"{self.relative_error:.1%}), variance {self.relative_variance:.3g} of its square, "
            f"largest |z| {self.largest_score:.1f} of {len(self.scores)}"
        )


def gradient_statistics(
    estimator: GradientEstimator,
    *,
    kind: type[Presence] = OrderedPresence,
    replicas: int = REPLICAS,
    seed: int = 0,
) -> GradientStatistics:
    """Compares the mean of many gradients with the exact one, on a scene of three slots.

    An estimator with `bounds_presence` is compared with the gradient of its own importance-weighted
    bound, for as many samples as it draws.

    Args:
        estimator: in float64, built for `objcentric.testing.small_scene.SCENE`. Copies of it are
            used, so that nothing it learns from one chunk of replicas reaches the next.
        kind: kind of presence.
        replicas: number of independent estimates.
        seed: seed of the estimates.

    Raises:
        CheckSkipped: the bound sums over too many tuples of codes.
    """
    scene = SmallScene.make(kind)
    torch.manual_seed(seed)
    shaken = copy.deepcopy(estimator)
    with torch.no_grad():
        for weight in shaken.parameters():
            weight.add_(SHAKE * torch.randn_like(weight))
    rows, codes = [], 0
    for start in range(0, replicas, CHUNK):
        times = min(CHUNK, replicas - start)
        found, codes = scene.repeated(times).gradients(copy.deepcopy(shaken))
        rows.append(found.flat(len(scene)))
    draws = torch.cat(rows)  # (N, gradients)
    exact = scene.expected_bound(codes) if estimator.bounds_presence else scene.expected_cost()
    if exact is None:
        raise CheckSkipped(
            f"its bound of {codes} samples sums over more than {MAX_TUPLES:,} tuples of codes; "
            "give options with fewer samples"
        )
    wanted = exact.flat(len(scene))[0]
    return GradientStatistics(
        bias=draws.mean(0) - wanted,
        standard_error=draws.std(0) / len(draws) ** 0.5,
        variance=draws.var(0),
        exact=wanted,
        scores=z_scores(draws, wanted),
        codes=codes,
    )
