"""Bias and variance of a gradient estimator, against every presence code there is."""

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
"""Networks that start at 0 say nothing, and what says nothing cannot be wrong."""


@dataclass(frozen=True)
class GradientStatistics:
    """Of every component of a gradient: of the posterior's log-odds, of layers upstream of the
    cost, of the prior's log-odds.

    Attributes:
        bias: mean of the estimates minus the exact gradient.
        standard_error: of the bias.
        variance: of one estimate.
        exact: the exact gradient.
        scores: the bias in standard errors, rounding counted as one.
        codes: presence codes that are tried for an image.
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
        """What `relative_bias` would be of an estimator that has none."""
        return float(self.standard_error.norm() / self.exact.norm())

    @property
    def relative_variance(self) -> float:
        """Variance of all components together / |exact gradient|²."""
        return float(self.variance.sum() / self.exact.square().sum())

    @property
    def largest_score(self) -> float:
        """The largest bias, in standard errors."""
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

    Estimators that bound the presence prior's marginal likelihood are compared with the gradient of
    their own importance-weighted bound, for as many samples as they draw.

    Args:
        estimator: in float64, made for `objcentric.testing.small_scene.SCENE`; copies of it are
            used, so that what it learns from one chunk of replicas does not reach the next.
        kind: of presence.
        replicas: independent estimates.
        seed: of the estimates.

    Raises:
        CheckSkipped: the bound is one over too many tuples of codes.
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
            f"its bound of {codes} samples is one over more than {MAX_TUPLES:,} tuples of codes; "
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
