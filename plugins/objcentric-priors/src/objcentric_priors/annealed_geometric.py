"""A geometric count that is annealed during training (`AnnealedGeometric`)."""

from typing import Annotated

from pydantic import Field, NonNegativeFloat

from objcentric.blocks.annealed_log_odds import AnnealedLogOdds
from objcentric.interfaces import Prior
from objcentric.presence import OrderedPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

Probability = Annotated[float, Field(gt=0, lt=1)]


class AnnealedGeometric(Prior):
    """Annealed geometric count: the probability of one more object changes during training (Eslami
    et al. 2016, 3.1).

    The log-odds change linearly. While objects cost little, the model learns to draw. As they cost
    more, it learns to do without those that explain nothing.

    Args:
        scene: sizes of the scene.
        start: initial probability of one more object, in (0, 1).
        end: final probability of one more object, in (0, 1).
        begin: epoch in which the probability begins to change.
        finish: epoch from which it stays at `end`.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    needs = frozenset({"ordered presence"})

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
        self.log_odds = AnnealedLogOdds(start=start, end=end, begin=begin, finish=finish)

    def presence(self, progress: Progress) -> OrderedPresence:
        logits = self.log_odds(progress).expand(self.slots)
        return OrderedPresence(logits, validate_args=False)
