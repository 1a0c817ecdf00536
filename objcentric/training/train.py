"""Training a run from its folder to its summary (`train`)."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import torch
from rich.console import Console

from objcentric.across_ranks import from_first_rank, on_first_rank, rank, world_size
from objcentric.errors import ObjcentricError, UnwritableFile
from objcentric.evaluation.evaluate import fitting
from objcentric.evaluation.target import Target
from objcentric.extras import is_installed
from objcentric.interfaces import Scenes, Split
from objcentric.interruption import Interruption
from objcentric.randomness import seed_noise
from objcentric.registry import Registry
from objcentric.registry.blame import blamed
from objcentric.registry.plugin_error import describe
from objcentric.report.run_report import report_run
from objcentric.report.trained import Material, Trained
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import RankLost
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.runs.versions import versions_of
from objcentric.training.account import Account
from objcentric.training.arithmetic import arithmetic
from objcentric.training.engines.make_engine import MakeEngine, make_engine
from objcentric.training.guards import exits_fail, mishaps_are_told, unchecked
from objcentric.training.optimizer import idle_paths
from objcentric.training.progress_display import ProgressDisplay
from objcentric.training.trainer import Trainer


def train(
    run: Run,
    scenes: Mapping[Split, Scenes],
    registry: Registry,
    console: Console,
    *,
    quiet: bool = False,
) -> dict[str, Any]:
    """Trains a run to its end, from its latest checkpoint if it has one.

    All ranks call it together. Rank 0 reads and writes the folder and shows progress.

    Args:
        run: a run whose folder this process, or rank 0, has locked.
        scenes: scenes for training and evaluation, by split.
        registry: the plugins whose run hooks are called.
        console: where progress is shown.
        quiet: whether only warnings and notes are shown.

    Returns:
        The summary; its `status` is `finished`, or `interrupted` if the user asked to stop.

    Raises:
        TrainingFailed: the loss, a weight or a figure of an evaluation is not finite, or a
            component called `sys.exit`, or memory was too short.
        UnwritableFile: the disk is full, for example; the run can go on.
        RankLost: another rank has ended; the run can go on.
        AnotherRankFailed: rank 0 has failed, and says why.
        ObjcentricError: the recipe names something that does not exist, or the checkpoint is
            damaged.
        KeyboardInterrupt: the user asked twice to stop.
    """
    display = _display(console, quiet)
    exact = arithmetic(run.recipe.training)
    patient = world_size() > 1
    with Interruption(patient=patient) as interruption, display, unchecked(), exact:
        observers = Observers(registry.hook, display.note)
        checkpoint = from_first_rank(lambda: _latest(run))
        account = Account(run, scenes, versions_of(registry), run.recipe.training.device)
        if checkpoint is not None:
            account.state = checkpoint.state
        try:
            with exits_fail(), mishaps_are_told(run):
                trainer = make_trainer(account, checkpoint, observers, display)
        except (ObjcentricError, KeyboardInterrupt):  # the run itself has not failed
            raise
        except BaseException as error:
            account.close("failed", blamed(error))
            raise
        account.close("running")
        if not is_installed("matplotlib"):
            display.note("note: no pictures are drawn, because matplotlib is not installed")
        observers.started(run)
        try:
            with exits_fail(), mishaps_are_told(run):
                trainer.fit(interruption)
            whole = trainer.state.epoch >= run.recipe.training.epochs
            if whole and rank() == 0:
                # Before the run has finished, so that one that is killed meanwhile draws it again.
                draw_report(trainer, account.summary("finished"), display)
        except BaseException as error:
            # A full disk is no failure of the training: it goes on once there is room.
            stopped = isinstance(error, (KeyboardInterrupt, UnwritableFile, RankLost))
            said = "" if stopped else blamed(error)
            with suppress(UnwritableFile):  # the disk may be full
                observers.finished(run, account.close("interrupted" if stopped else "failed", said))
            raise
        summary = account.close("finished" if whole else "interrupted")
        observers.finished(run, summary)
        return summary


def _display(console: Console, quiet: bool) -> ProgressDisplay:
    """The display of rank 0; the others show nothing."""
    return ProgressDisplay(
        console if rank() == 0 else Console(quiet=True), quiet=quiet or rank() > 0
    )


def _latest(run: Run) -> Checkpoint | None:
    latest = run.latest_checkpoint()
    return None if latest is None else Checkpoint.load(latest)


def make_trainer(
    account: Account,
    checkpoint: Checkpoint | None,
    observers: Observers,
    display: ProgressDisplay,
    make: MakeEngine = make_engine,
) -> Trainer:
    """A trainer at a checkpoint or at the beginning of the run; also completes the account."""
    run, scenes, recipe = account.run, account.scenes, account.run.recipe
    torch.manual_seed(recipe.seed)
    channels, height, width = scenes["train"].images.shape[1:]
    model = recipe.build_model((channels, height, width))
    metrics = fitting(recipe.evaluation.build(), model, scenes["validation"])
    account.target = Target.of(recipe.evaluation.goal, metrics)
    display.headline = account.target.metric if account.target else next(iter(metrics), None)
    seed_noise(recipe.seed, account.state.steps)
    rates = recipe.model.rates
    for path in idle_paths(model, rates):
        display.note(f"note: the learning rate of model.{path} applies to no parameter")
    engine = make(model, scenes["train"], metrics, recipe.training, rates, display.note)
    versions = account.versions
    trainer = Trainer(
        run, engine, scenes, metrics, observers=observers, display=display, versions=versions
    )
    if checkpoint is not None:
        trainer.restore(checkpoint)
        state = trainer.state
        display.note(f"Continuing after {state.epoch} epochs and {state.step} steps.")
    on_first_rank(lambda: run.keep_metrics(trainer.state.epoch))
    account.state, account.device = trainer.state, str(trainer.device)
    return trainer


def draw_report(trainer: Trainer, summary: dict[str, Any], display: ProgressDisplay) -> None:
    """Draws the run's report; whatever goes wrong there is a warning."""
    material = Material(trainer.engine.model, trainer.scenes["validation"], trainer.device)
    try:
        with display.doing("drawing the report"):
            report_run(Trained.of(trainer.run, material), summary)
    except (Exception, SystemExit) as error:
        reason = describe(error).splitlines()[0]
        display.note(f"warning: the report could not be drawn: {reason}")
