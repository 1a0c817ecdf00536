"""Running a comparison, from its plan to its table (`compare`)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
from objcentric.comparison.pool import Environment, Pool
from objcentric.comparison.process_pool import ProcessPool
from objcentric.comparison.session import Session
from objcentric.comparison.stacks import train_stacks
from objcentric.comparison.trial import Trial
from objcentric.interruption import Interruption
from objcentric.registry import Registry
from objcentric.registry.plugin_error import describe
from objcentric.runs.errors import RunFolderError
from objcentric.runs.observers import Observers
from objcentric.runs.run_lock import RunLock
from objcentric.runs.taken_folder import TakenFolder

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
            session = partial(Session, make_pool(machine.jobs, variables), plugins)
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
    make_session: Callable[[ComparisonDisplay], Session],
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
