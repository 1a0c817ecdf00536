"""Running a comparison, from its plan to its table (`compare`)."""

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from objcentric.comparison.comparison import Comparison
from objcentric.comparison.comparison_display import ComparisonDisplay
from objcentric.comparison.comparison_folder import ComparisonFolder
from objcentric.comparison.comparison_report import report_comparison
from objcentric.comparison.judgement import Judgement
from objcentric.comparison.machine import Machine
from objcentric.comparison.outcome import Outcome
from objcentric.comparison.plan import Plan
from objcentric.comparison.process_pool import ProcessPool
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


def compare(
    plan: Plan, folder: Path, machine: Machine, console: Console, plugins: Sequence[Path] = ()
) -> tuple[Comparison, bool]:
    """Trains every arm with every seed, each run in its own process, and writes the results.

    Finished and failed runs stay as they are; interrupted runs continue.

    Args:
        plan: what is compared.
        folder: the comparison's folder: one of this plan, an empty one (dot files do not count), or
            one that does not exist yet.
        machine: how many runs are trained at a time.
        console: where progress is shown.
        plugins: single-file plugins, passed on to the runs.

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
        exit_codes, interrupted = _train(trials, plan.judgement, machine, console, plugins, shared)
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


def _train(
    trials: Sequence[Trial],
    judgement: Judgement,
    machine: Machine,
    console: Console,
    plugins: Sequence[Path],
    shared: Mapping[str, str],
) -> tuple[dict[str, int], bool]:
    """Trains what is not done. Returns exit codes by name, and whether the user asked to stop."""
    by_seed = sorted(trials, key=lambda trial: trial.seed)  # every arm shows a first result early
    waiting = deque(trial for trial in by_seed if not trial.is_done())
    exit_codes: dict[str, int] = {}
    outcomes = [Outcome.of(trial, judgement) for trial in trials]
    display = ComparisonDisplay(console, trials, outcomes, judgement)
    pool = ProcessPool[Trial](
        machine.jobs,
        lambda trial, slot: {**shared, **machine.environment(slot), **trial.environment},
    )
    with Interruption() as interruption, display, pool:
        while pool.running or (waiting and not interruption.requested):
            while waiting and pool.has_room and not interruption.requested:
                trial = waiting.popleft()
                pool.start(trial, trial.command(plugins), trial.log)
            for trial, code in pool.wait(TICK):
                if not interruption.requested:
                    exit_codes[trial.name] = code
                display.ended(trial, Outcome.of(trial, judgement, exit_codes.get(trial.name)))
            if interruption.requested:
                pool.ask_to_stop()
            display.update(pool.running)
        return exit_codes, interruption.requested
