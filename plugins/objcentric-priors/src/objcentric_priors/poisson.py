"""A Poisson count."""

import math

import torch
from pydantic import PositiveFloat

from objcentric.scene import SceneSpec
from objcentric_priors.count_prior import CountPrior


class Poisson(CountPrior):
    """p(n) ∝ rateⁿ / n! for n = 0…K: objects turn up independently of each other.

    Args:
        scene: sizes of the scene.
        rate: mean number of objects, if there were no most; positive.
    """

    def __init__(self, scene: SceneSpec, *, rate: PositiveFloat = 1.0) -> None:
        counts = torch.arange(scene.slots + 1, dtype=torch.float64)
        super().__init__(scene, counts * math.log(rate) - torch.lgamma(counts + 1))
