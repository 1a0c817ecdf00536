"""A geometric count that knows where it ends."""

import math
from typing import Annotated

import torch
from pydantic import Field

from objcentric.scene import SceneSpec
from objcentric_priors.count_prior import CountPrior


class TruncatedGeometric(CountPrior):
    """p(n) ∝ presenceⁿ for n = 0…K, the prior of Pyro's AIR.

    One more object is always as much less probable, also for the last one; a geometric count that
    is cut off at K (`air_prior`) piles up on K what lies beyond.

    Args:
        scene: sizes of the scene.
        presence: p(n + 1) / p(n), the chance of one more object without an end, in (0, 1).
    """

    def __init__(
        self, scene: SceneSpec, *, presence: Annotated[float, Field(gt=0, lt=1)] = 0.01
    ) -> None:
        counts = torch.arange(scene.slots + 1, dtype=torch.float64)
        super().__init__(scene, counts * math.log(presence))
