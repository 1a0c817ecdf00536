"""Slots that are present independently (`IndependentBernoulli`)."""

from typing import Annotated

from pydantic import Field, NonNegativeFloat

from objcentric.blocks.annealed_log_odds import AnnealedLogOdds
from objcentric.interfaces import Prior
from objcentric.presence import IndependentPresence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

Probability = Annotated[float, Field(gt=0, lt=1)]


class IndependentBernoulli(Prior):
    """K slots, each present with one probability, which is annealed (Lin et al. 2020,
    arXiv:2001.02407).

    For grids of proposals, where slots have no order; the count is binomial. The log-odds move
    linearly. While objects are cheap the model learns to draw, as in SPAIR; where they are dear
    from the start, it learns to do without any.

    Args:
        scene: sizes of the scene.
        start: initial probability that a slot is present, in (0, 1).
        end: final one, likewise.
        begin: epoch in which it begins to move.
        finish: epoch from which it stays at the end.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    needs = frozenset({"independent presence"})

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

    def presence(self, progress: Progress) -> IndependentPresence:
        logits = self.log_odds(progress).expand(self.slots)
        return IndependentPresence(logits, validate_args=False)
