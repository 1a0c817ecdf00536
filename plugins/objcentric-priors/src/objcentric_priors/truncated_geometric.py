"""A geometric count, truncated at K (`TruncatedGeometric`)."""

import math
from typing import Annotated

import torch
from pydantic import Field

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric_priors.fixed_count import FixedCount


class TruncatedGeometric(Prior):
    """Geometric count, truncated at K as in Pyro's AIR: p(n) ∝ presenceⁿ for n = 0…K.

    Each further object multiplies the probability by the same factor, up to and including the K-th.
    A geometric count that is cut off at K (`air_prior`) is different: there, K has the probability
    of all larger counts as well.

    Args:
        scene: sizes of the scene.
        presence: the factor p(n + 1) / p(n), in (0, 1).
    """

    needs = frozenset({"ordered presence"})

    def __init__(
        self, scene: SceneSpec, *, presence: Annotated[float, Field(gt=0, lt=1)] = 0.01
    ) -> None:
        super().__init__(scene)
        counts = torch.arange(scene.slots + 1, dtype=torch.float64)
        self.count = FixedCount(counts * math.log(presence))

    def presence(self, progress: Progress) -> OrderedPresence:
        return self.count.presence()
