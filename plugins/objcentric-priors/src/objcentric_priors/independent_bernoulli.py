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
    """Independent slots: each is present with the same probability, which is annealed (Lin et al.
    2020, arXiv:2001.02407).

    For grids of proposals, whose slots have no order; the count is binomial. The log-odds change
    linearly. While objects cost little, the model learns to draw, as in SPAIR. If they are
    expensive from the start, it learns to do without any.

    Args:
        scene: sizes of the scene.
        start: initial probability that a slot is present, in (0, 1).
        end: final probability that a slot is present, in (0, 1).
        begin: epoch in which the probability begins to change.
        finish: epoch from which it stays at `end`.

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
