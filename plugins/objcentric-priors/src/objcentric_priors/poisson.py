"""A Poisson count (`Poisson`)."""

import math

import torch
from pydantic import PositiveFloat

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec
from objcentric_priors.fixed_count import FixedCount


class Poisson(Prior):
    """Poisson count, truncated at K: p(n) ∝ rateⁿ / n! for n = 0…K.

    Objects occur independently of each other.

    Args:
        scene: sizes of the scene.
        rate: mean number of objects before truncation; positive.
    """

    needs = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec, *, rate: PositiveFloat = 1.0) -> None:
        super().__init__(scene)
        counts = torch.arange(scene.slots + 1, dtype=torch.float64)
        self.count = FixedCount(counts * math.log(rate) - torch.lgamma(counts + 1))

    def presence(self, progress: Progress) -> OrderedPresence:
        return self.count.presence()
