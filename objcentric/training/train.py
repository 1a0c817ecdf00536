"""One training, from a run folder to its summary."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from traceback import extract_tb
from typing import Any

import torch
from rich.console import Console
from torch.distributions import Distribution

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, Split
from objcentric.interruption import Interruption
from objcentric.randomness import derived_seed
from objcentric.registry import Registry
from objcentric.registry.plugin_error import describe
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import TrainingFailed
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.runs.summary import Status, summarise
from objcentric.runs.training_state import TrainingState
from objcentric.runs.versions import versions_of
from objcentric.training.optimizer import idle_paths
from objcentric.training.progress_display import ProgressDisplay
from objcentric.training.trainer import Trainer


def train(
    run: Run, scenes: Mapping[Split, Scenes], registry: Registry, console: Console
) -> dict[str, Any]:
    """Trains a run to its end, from its latest checkpoint if it has one.

    Args:
        run: a folder that this process holds.
        scenes: to learn from and to judge by.
        registry: whose observers are told.
        console: shows how it goes.

    Returns:
        The summary; its `status` is `finished`, or `interrupted` if the person asked to stop.

    Raises:
        TrainingFailed: the loss, a weight, or a figure of an evaluation is not finite, or a
            component would end the process.
        ObjcentricError: the recipe asks for something that does not exist, or the checkpoint is
            damaged.
        KeyboardInterrupt: the person insisted on stopping.
    """
    with Interruption() as interruption, ProgressDisplay(console) as display, unchecked():
        observers = Observers(registry.hook, display.note)
        versions = versions_of(registry)
        latest = run.latest_checkpoint()
        checkpoint = None if latest is None else Checkpoint.load(latest)
        state = TrainingState() if checkpoint is None else checkpoint.state
        device = run.recipe.training.device

        def close(status: Status, error: str | None = None) -> dict[str, Any]:
            summary = summarise(
                run,
                state,
                status=status,
                device=device,
                versions=versions,
                scenes_sha256={split: data.sha256 for split, data in scenes.items()},
                error=error,
            )
            run.write_summary(summary)
            return summary

        try:
            with _exits_fail():
                trainer = _trainer(run, checkpoint, scenes, observers, display, versions)
        except (ObjcentricError, KeyboardInterrupt):  # nothing of the run has gone wrong
            raise
        except BaseException as error:
            close("failed", describe(error))
            raise
        state, device = trainer.state, str(trainer.device)
        close("running")
        observers.started(run)
        try:
            with _exits_fail():
                trainer.fit(interruption)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            summary = close("interrupted") if stopped else close("failed", describe(error))
            observers.finished(run, summary)
            raise
        whole = state.epoch >= run.recipe.training.epochs
        summary = close("finished" if whole else "interrupted")
        observers.finished(run, summary)
        return summary


def _trainer(
    run: Run,
    checkpoint: Checkpoint | None,
    scenes: Mapping[Split, Scenes],
    observers: Observers,
    display: ProgressDisplay,
    versions: dict[str, Any],
) -> Trainer:
    """A trainer at a checkpoint of the run, or at its beginning."""
    recipe = run.recipe
    torch.manual_seed(recipe.seed)
    channels, height, width = scenes["train"].images.shape[1:]
    model = recipe.build_model((channels, height, width))
    # Noise must not depend on how many numbers the components drew for their weights.
    torch.manual_seed(derived_seed("noise", recipe.seed))
    for path in idle_paths(model, recipe.training.lr_of):
        display.note(f"note: training.lr_of.{path} fits no parameter of this model")
    trainer = Trainer(
        run,
        model,
        scenes["train"],
        scenes["test"],
        observers=observers,
        display=display,
        versions=versions,
    )
    if checkpoint is not None:
        trainer.restore(checkpoint)
        state = trainer.state
        display.note(f"Going on after {state.epoch} epochs and {state.step} steps.")
    run.keep_metrics(trainer.state.epoch)
    return trainer


@contextmanager
def _exits_fail() -> Iterator[None]:
    """A component that would end the process fails the run: its exit code is not the run's.

    Raises:
        TrainingFailed: instead of `SystemExit`.
    """
    try:
        yield
    except SystemExit as error:
        place = extract_tb(error.__traceback__)[-1]
        raise TrainingFailed(
            f"a component called sys.exit({error.code!r}), in {place.filename}:{place.lineno}"
        ) from error


@contextmanager
def unchecked() -> Iterator[None]:
    """No argument checks in distributions: each of them waits for the device."""
    before = Distribution._validate_args
    Distribution.set_default_validate_args(False)
    try:
        yield
    finally:
        Distribution.set_default_validate_args(before)
