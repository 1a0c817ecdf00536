"""Signs of a stuck run that last: `Stuck`, from the lines of `metrics.jsonl`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from objcentric.evaluation.signs import SIGNS, Sign

LINE_KEY = "signs"
"""Where a line of `metrics.jsonl` holds the figures of signs, by name."""

FIRST = 3
"""The first epoch that counts: before it, even the best runs show signs."""

IN_A_ROW = 2
"""Evaluations in a row that show a sign before it is taken for one."""


@dataclass(frozen=True)
class Stuck:
    """A sign that lasted.

    Attributes:
        sign: what is seen.
        epoch: the epoch after which the sign had lasted long enough.
        figure: its figure after this epoch.
    """

    sign: Sign
    epoch: int
    figure: float

    @property
    def warning(self) -> str:
        """One line for a person: what is seen, and what usually helps."""
        seen = self.sign.meaning.format(figure=self.sign.show(self.figure))
        return (
            f"warning: the run may be stuck ({self.sign.name}), epoch {self.epoch}: {seen}. What "
            f"usually helps: {self.sign.advice}; docs/running.md has more"
        )

    def plain(self) -> dict[str, Any]:
        """The entry of `summary.json`."""
        return {"sign": self.sign.name, "epoch": self.epoch, "figure": self.figure}


def stuck(lines: Sequence[Mapping[str, Any]]) -> list[Stuck]:
    """The signs that lasted, each where it first did, in the order of their epochs.

    Args:
        lines: the lines of `metrics.jsonl`; those without an evaluation are passed over.
    """
    found = []
    for sign in SIGNS:
        row = 0
        for line in lines:
            if LINE_KEY not in line or line["epoch"] < FIRST:
                continue
            figure = line[LINE_KEY].get(sign.name)
            row = row + 1 if sign.seen(figure) else 0
            if row == IN_A_ROW:
                found.append(Stuck(sign, line["epoch"], figure))
                break
    return sorted(found, key=lambda each: each.epoch)
