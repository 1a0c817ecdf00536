"""A plan with the results of its runs (`Comparison`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from objcentric.comparison.arm_figures import ArmFigures
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.plan import Plan


@dataclass(frozen=True)
class Comparison:
    """A plan and the results of its runs so far.

    Attributes:
        plan: what is compared.
        machine: the shares of the machine in the last session; training times depend on them.
        outcomes: the outcome of every run.
    """

    plan: Plan
    machine: Machine
    outcomes: Sequence[Outcome]

    def of_arm(self, name: str) -> list[Outcome]:
        """The outcomes of one arm, by seed."""
        return [outcome for outcome in self.outcomes if outcome.arm == name]

    @property
    def rows(self) -> list[ArmFigures]:
        """Every arm's figures, refused ones included."""
        return [
            ArmFigures.of(arm, self.of_arm(arm.name), self.plan.judgement) for arm in self.plan.arms
        ]

    @property
    def all_failed(self) -> bool:
        return all(outcome.status == "failed" for outcome in self.outcomes)

    @property
    def same_scenes(self) -> bool:
        """Whether all runs that recorded their scenes used the same ones."""
        seen = [o.scenes_sha256 for o in self.outcomes if o.scenes_sha256]
        return all(scenes == seen[0] for scenes in seen)

    def plain(self) -> dict[str, Any]:
        """The content of `comparison.json`."""
        machine = self.machine
        return {
            "command": self.plan.command,
            "plan": self.plan.plain(),
            "machine": {
                "cores": machine.cores,
                "jobs": machine.jobs,
                "threads": machine.threads,
            },
            "same_scenes": self.same_scenes,
            "rows": [row.plain() for row in self.rows],
            "runs": [outcome.plain() for outcome in self.outcomes],
        }
