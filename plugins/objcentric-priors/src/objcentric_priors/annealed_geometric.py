"""A geometric count that falls as training goes on."""

from typing import Annotated

import torch
from pydantic import Field, NonNegativeFloat
from torch import Tensor

from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

Probability = Annotated[float, Field(gt=0, lt=1)]


class AnnealedGeometric(Prior):
    """Each step adds one more object with a probability that is annealed (Eslami et al. 2016, 3.1).

    The log-odds move linearly. While objects are cheap the model learns to draw; as they get dear
    it learns to do without the ones that explain nothing.

    Args:
        scene: sizes of the scene.
        start: probability of one more object at first, in (0, 1).
        end: the same at last.
        begin: epoch in which it begins to move.
        finish: epoch from which it has arrived.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    needs = frozenset({"ordered presence"})

    log_odds: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        start: Probability = 0.9,
        end: Probability = 0.01,
        begin: NonNegativeFloat = 1.0,
        finish: NonNegativeFloat = 8.0,
    ) -> None:
        super().__init__(scene)
        if finish < begin:
            raise ValueError(f"annealing finishes (epoch {finish}) before it begins ({begin})")
        self.begin, self.finish = begin, finish
        self.register_buffer("log_odds", torch.logit(torch.tensor([start, end])), persistent=False)

    def presence(self, progress: Progress) -> OrderedPresence:
        start, end = self.log_odds.unbind()
        logit = start.lerp(end, progress.between(self.begin, self.finish))
        return OrderedPresence(logit.expand(self.slots), validate_args=False)
