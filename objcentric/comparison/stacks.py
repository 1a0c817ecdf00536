"""Training the seeds of an arm as one model (`train_stacks`)."""

import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.console import Console

from objcentric.comparison.machine import Machine
from objcentric.comparison.process_pool import ProcessPool
from objcentric.comparison.session import TICK
from objcentric.comparison.trial import Trial
from objcentric.interruption import Interruption


@dataclass(frozen=True)
class TrialStack:
    """Some seeds of one arm, for one process.

    Attributes:
        trials: the trials, at least two.
    """

    trials: Sequence[Trial]

    @property
    def name(self) -> str:
        """The stack's name for display."""
        return f"{self.trials[0].arm.name}, seeds {self._seeds}"

    @property
    def log(self) -> Path:
        """The file that receives the output of its process."""
        return self.trials[0].run.path.with_name(f"seeds-{self._seeds}.log")

    @property
    def _seeds(self) -> str:
        return f"{self.trials[0].seed}-{self.trials[-1].seed}"

    def command(self, plugins: Sequence[Path]) -> list[str]:
        """The command that trains them in one process, from their latest checkpoints if any.

        Args:
            plugins: single-file plugins.
        """
        first = self.trials[0]
        files = [word for path in plugins for word in ("--plugin", str(path))]
        seeds = ",".join(str(trial.seed) for trial in self.trials)
        recipe, out = str(first.arm.recipe_file(first.folder)), str(first.run.path.parent)
        # -P: never import a Python file that happens to lie in the current folder.
        train = [sys.executable, "-P", "-m", "objcentric", "train", recipe]
        return [*train, "--seeds", seeds, "--out", out, *files]


def stacks_of(trials: Sequence[Trial], size: int) -> list[TrialStack]:
    """What is left to train, arm by arm, in stacks of at most `size` seeds; single ones are not
    listed, and neither are those that a process of an earlier command trains."""
    left = [t for t in trials if not t.is_done() and t.trained_elsewhere() is None]
    found = []
    for _, group in groupby(left, key=lambda trial: trial.arm.name):
        arm = list(group)
        parts = [arm[start : start + size] for start in range(0, len(arm), size)]
        found += [TrialStack(part) for part in parts if len(part) > 1]
    return found


def train_stacks(
    trials: Sequence[Trial],
    size: int,
    machine: Machine,
    console: Console,
    plugins: Sequence[Path],
    shared: Mapping[str, str],
) -> bool:
    """Trains what is left in stacks. What then is still left has to be trained one by one.

    Args:
        trials: all trials, arm by arm.
        size: seeds per stack.
        machine: how many processes there are at a time.
        console: where it is said what becomes of the stacks.
        plugins: single-file plugins.
        shared: variables of the environment that all trainings share.

    Returns:
        Whether the user asked to stop.
    """
    waiting = deque(stacks_of(trials, size))

    def environment(stack: TrialStack, slot: int) -> dict[str, str]:
        return {**shared, **machine.environment(slot), **stack.trials[0].environment}

    pool = ProcessPool[TrialStack](machine.jobs, environment)
    with Interruption() as interruption, pool:
        while pool.running or (waiting and not interruption.requested):
            while waiting and pool.has_room and not interruption.requested:
                stack = waiting.popleft()
                _say(console, f"{stack.name}: training as one")
                pool.start(stack, stack.command(plugins), stack.log)
            for stack, code in pool.wait(TICK):
                if code and not interruption.requested:
                    _say(console, f"{stack.name}: {_left(stack)}; see {stack.log}")
            if interruption.requested:
                pool.ask_to_stop()
    return interruption.requested


def _left(stack: TrialStack) -> str:
    """What became of a stack that ended with an error."""
    failed = sum(trial.run.summary().get("status") == "failed" for trial in stack.trials)
    left = sum(not trial.is_done() for trial in stack.trials)
    said = [f"{failed} failed"] * bool(failed)
    said += [f"{left} are trained one by one"] * bool(left)
    return ", ".join(said)


def _say(console: Console, line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
