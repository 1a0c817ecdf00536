"""Running a comparison, from its plan to its table (`compare`)."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

from rich.console import Console

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.comparison_display import ComparisonDisplay
from objcentric.comparison.comparison_folder import ComparisonFolder
from objcentric.comparison.comparison_report import report_comparison
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.plan import Plan
from objcentric.comparison.pool import LOST, Environment, Pool
from objcentric.comparison.process_pool import ProcessPool
from objcentric.comparison.stacks import train_stacks
from objcentric.comparison.trial import Trial
from objcentric.interruption import Interruption
from objcentric.registry import Registry
from objcentric.registry.plugin_error import describe
from objcentric.runs.errors import RunFolderError
from objcentric.runs.observers import Observers
from objcentric.runs.run_lock import RunLock
from objcentric.runs.taken_folder import TakenFolder

TICK = 0.5
"""Seconds between two reads of the runs' folders."""

REFUSED = 2
"""Exit code of a training whose recipe or folder was refused."""

MakePool = Callable[[int, Environment[Trial]], Pool[Trial]]
"""Makes the pool that trains, of a number of runs at a time and the variables of each."""


def compare(
    plan: Plan,
    folder: Path,
    machine: Machine,
    console: Console,
    plugins: Sequence[Path] = (),
    make_pool: MakePool = ProcessPool,
    *,
    stack: int = 1,
    quiet: bool = False,
) -> tuple[Comparison, bool]:
    """Trains every arm with every seed, each run in its own process, and writes the results.

    Finished and failed runs stay as they are; interrupted runs continue. Runs that an earlier
    command has left behind and that are still trained are waited for.

    Args:
        plan: what is compared.
        folder: the comparison's folder: one of this plan, an empty one (dot files do not count), or
            one that does not exist yet.
        machine: how many runs are trained at a time.
        console: where progress is shown.
        plugins: single-file plugins, passed on to the runs.
        make_pool: where the runs are trained; by default on this machine.
        stack: seeds of an arm that are trained as one model, where that is possible.
        quiet: whether only warnings, notes and runs that fail are shown.

    Returns:
        The comparison so far, and whether the user asked to stop.

    Raises:
        RunFolderError: the folder holds something else, or another process uses it.
        KeyboardInterrupt: the user asked twice to stop.
    """
    taken = TakenFolder(folder)
    with RunLock(folder):
        place = ComparisonFolder(folder)
        try:
            place.claim(plan)
        except RunFolderError:
            taken.give_back(RunLock.FILE)
            raise
        trials = plan.trials(folder)
        shared = _told(plan, folder, trials, console, plugins)
        exit_codes: dict[str, int] = {}
        interrupted = stack > 1 and train_stacks(trials, stack, machine, console, plugins, shared)
        if not interrupted:
            variables = partial(_variables, machine, shared)
            session = partial(_Session, make_pool(machine.jobs, variables), plugins)
            display = partial(ComparisonDisplay, console, quiet=quiet)
            exit_codes, interrupted = _train(trials, plan.judgement, display, session)
        outcomes = [
            Outcome.of(trial, plan.judgement, exit_codes.get(trial.name)) for trial in trials
        ]
        comparison = Comparison(plan, machine, outcomes)
        place.write(comparison, trials)
        _report(folder, console, plugins)
    return comparison, interrupted


def _told(
    plan: Plan,
    folder: Path,
    trials: Sequence[Trial],
    console: Console,
    plugins: Sequence[Path],
) -> dict[str, str]:
    """Tells plugins of the comparison, if anything is left to train; returns their variables."""
    if all(trial.is_done() for trial in trials):
        return {}
    recipes = [arm.recipe for arm in plan.arms if arm.recipe is not None]

    def warn(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    hook = Registry.discover(plugins).hook
    return Observers(hook, warn).comparison_started(folder, recipes)


def _report(folder: Path, console: Console, plugins: Sequence[Path]) -> None:
    """Draws the report of the comparison; whatever goes wrong there is a warning."""
    try:
        report_comparison(folder, Registry.discover(plugins))
    except Exception as error:
        reason = describe(error).splitlines()[0]
        console.print(f"warning: the report could not be drawn: {reason}", markup=False)


def _variables(
    machine: Machine, shared: Mapping[str, str], trial: Trial, slot: int
) -> dict[str, str]:
    """Variables of the environment of a run."""
    return {**shared, **machine.environment(slot), **trial.environment}


def _train(
    trials: Sequence[Trial],
    judgement: Judgement,
    make_display: Callable[[Sequence[Trial], Sequence[Outcome], Judgement], ComparisonDisplay],
    make_session: "Callable[[ComparisonDisplay], _Session]",
) -> tuple[dict[str, int], bool]:
    """Trains what is not done. Returns exit codes by name, and whether the user asked to stop."""
    outcomes = [Outcome.of(trial, judgement) for trial in trials]
    display = make_display(trials, outcomes, judgement)
    session = make_session(display)
    with Interruption() as interruption, display, session:
        session.plan(sorted(trials, key=lambda trial: trial.seed))  # each arm shows a result early
        while session.running or (session.has_more and not interruption.requested):
            if not interruption.requested:
                session.begin()
            for trial, code in session.ended(counting=not interruption.requested):
                display.ended(trial, Outcome.of(trial, judgement, code))
            if interruption.requested:
                session.stop()
            display.update(session.running)
        return session.exit_codes, interruption.requested


class _Session:
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

    def __enter__(self) -> "_Session":
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
