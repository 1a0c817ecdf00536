"""Which training of a comparison is next, and what came of it (`Session`)."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import sleep
from typing import Any

from objcentric.comparison.comparison_display import ComparisonDisplay
from objcentric.comparison.pool import LOST, Pool
from objcentric.comparison.trial import Trial

TICK = 0.5
"""Seconds between two reads of the runs' folders."""

REFUSED = 2
"""Exit code of a training whose recipe or folder was refused."""


class Session:
    """The trainings of a comparison: those of this command, and those of an earlier one.

    A comparison that was killed leaves its trainings behind. They go on, and their folders are
    locked until they end; they take part in the share of the machine. A training whose worker is
    lost is tried again once, from its latest checkpoint.

    Args:
        pool: where the trainings of this command run.
        plugins: single-file plugins.
        display: where it is said that a training is waited for.
    """

    def __init__(
        self, pool: Pool[Trial], plugins: Sequence[Path], display: ComparisonDisplay
    ) -> None:
        self.pool = pool
        self.plugins = plugins
        self.display = display
        self.lost: set[str] = set()
        self.waiting: deque[Trial] = deque()
        self.elsewhere: list[Trial] = []
        self.commands: dict[str, list[str]] = {}
        self.exit_codes: dict[str, int] = {}
        self.stopping = False

    def __enter__(self) -> "Session":
        self.pool.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.pool.__exit__(*error)

    @property
    def running(self) -> list[Trial]:
        """The trials that are trained now; when stopping, only those of this command."""
        return [*self.pool.running, *(() if self.stopping else self.elsewhere)]

    @property
    def has_more(self) -> bool:
        return bool(self.waiting)

    def plan(self, trials: Sequence[Trial]) -> None:
        """Sorts the trials: done, trained by an earlier command, and waiting."""
        for trial in trials:
            if not trial.is_done() and not self._is_elsewhere(trial):
                self.waiting.append(trial)

    def begin(self) -> None:
        """Starts as many trials as there is room for."""
        while self.waiting and self.pool.has_room and len(self.running) < self.pool.jobs:
            trial = self.waiting.popleft()
            if self._is_elsewhere(trial):
                continue
            self.commands[trial.name] = trial.command(self.plugins)
            self.pool.start(trial, self.commands[trial.name], trial.log)

    def ended(self, *, counting: bool) -> list[tuple[Trial, int | None]]:
        """Waits a moment; returns the trials that have ended, with exit codes if they are known.

        Args:
            counting: whether exit codes count; those of trials that were asked to stop do not.
        """
        found: list[tuple[Trial, int | None]] = []
        for trial, code in self.pool.wait(TICK) if self.pool.running else self._sleep():
            if counting and (self._was_too_late(trial, code) or self._is_new_loss(trial, code)):
                continue
            if counting:
                self.exit_codes[trial.name] = code
            found.append((trial, self.exit_codes.get(trial.name)))
        return found + self._ended_elsewhere()

    def stop(self) -> None:
        """Asks the trainings of this command to stop; those of an earlier one go on."""
        self.stopping = True
        self.pool.ask_to_stop()

    def _sleep(self) -> list[tuple[Trial, int]]:
        sleep(TICK)
        return []

    def _ended_elsewhere(self) -> list[tuple[Trial, int | None]]:
        gone = [trial for trial in self.elsewhere if trial.trained_elsewhere() is None]
        for trial in gone:
            self.elsewhere.remove(trial)
            if not trial.is_done():  # it was stopped: here it goes on
                self.waiting.append(trial)
        return [(trial, None) for trial in gone if trial.is_done()]

    def _was_too_late(self, trial: Trial, code: int) -> bool:
        """Whether a trial was refused because a process of an earlier command trains or trained it.

        Such a process may have been so young that it had not yet locked its folder.
        """
        if code != REFUSED or trial.is_done():
            return False
        if self._is_elsewhere(trial):
            return True
        if trial.command(self.plugins) == self.commands[trial.name]:
            return False
        self.waiting.append(trial)
        return True

    def _is_new_loss(self, trial: Trial, code: int) -> bool:
        """Whether the worker of a trial is lost for the first time, so that it is tried again."""
        if code != LOST or trial.is_done() or trial.name in self.lost:
            return False
        self.lost.add(trial.name)
        self.waiting.append(trial)
        self.display.note(f"{trial.name}: its worker is lost; trying again")
        return True

    def _is_elsewhere(self, trial: Trial) -> bool:
        process = trial.trained_elsewhere()
        if process is None:
            return False
        self.elsewhere.append(trial)
        self.display.note(
            f"{trial.name}: process {process}, of an earlier command, is training it; waiting"
        )
        return True
