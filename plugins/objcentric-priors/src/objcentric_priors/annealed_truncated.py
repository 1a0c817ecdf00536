"""A truncated geometric count that is annealed during training (`AnnealedTruncated`)."""

import math
from typing import Annotated

import torch
from pydantic import Field, NonNegativeFloat
from torch import Tensor

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

Factor = Annotated[float, Field(gt=0, le=1)]


class AnnealedTruncated(Prior):
    """Annealed truncated geometric count: p(n) ∝ factorⁿ for n = 0…K, and the factor falls
    exponentially during training, as in Kosiorek's implementation of AIR.

    With the factor 1, all counts are equally likely. In contrast to `annealed_geometric`, K objects
    have no more probability than the factor gives them.

    Args:
        scene: sizes of the scene.
        start: initial factor p(n + 1) / p(n), in (0, 1].
        end: final factor, in (0, 1].
        begin: epoch in which the factor begins to change.
        finish: epoch from which it stays at `end`.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    needs = frozenset({"ordered presence"})

    log_factors: Tensor
    counts: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        start: Factor = 1.0,
        end: Factor = 1e-7,
        begin: NonNegativeFloat = 1.0,
        finish: NonNegativeFloat = 100.0,
    ) -> None:
        super().__init__(scene)
        if finish < begin:
            raise ValueError(f"annealing finishes (epoch {finish}) before it begins ({begin})")
        self.begin, self.finish = begin, finish
        # Not part of the state: both follow from the recipe.
        log_factors = torch.tensor([math.log(start), math.log(end)])
        self.register_buffer("log_factors", log_factors, persistent=False)
        counts = torch.arange(scene.slots + 1, dtype=torch.get_default_dtype())
        self.register_buffer("counts", counts, persistent=False)

    def presence(self, progress: Progress) -> OrderedPresence:
        start, end = self.log_factors.unbind()
        log_factor = start.lerp(end, progress.between(self.begin, self.finish).to(start.dtype))
        return OrderedPresence.from_counts(self.counts * log_factor)
