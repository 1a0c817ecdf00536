"""One training, from a run folder to its summary."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from rich.console import Console
from torch.distributions import Distribution

from objcentric.evaluation.evaluate import fitting
from objcentric.evaluation.target import Target
from objcentric.interfaces import Scenes, Split
from objcentric.interruption import Interruption
from objcentric.randomness import derived_seed
from objcentric.registry import Registry
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.runs.summary import Status, summarise, verdict
from objcentric.runs.versions import versions_of
from objcentric.training.engines.eager import EagerEngine
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
        TrainingFailed: the loss, a weight, or a figure of an evaluation is not finite.
        ObjcentricError: the recipe asks for something that does not exist.
        KeyboardInterrupt: the person insisted on stopping.
    """
    with Interruption() as interruption, ProgressDisplay(console) as display, unchecked():
        observers = Observers(registry.hook, display.note)
        versions = versions_of(registry)
        trainer, target = _trainer(run, scenes, observers, display, versions)

        def close(status: Status, error: str | None = None) -> dict[str, Any]:
            summary = summarise(
                run,
                trainer.state,
                target,
                status=status,
                device=str(trainer.device),
                versions=versions,
                scenes_sha256={split: data.sha256 for split, data in scenes.items()},
                error=error,
            )
            if status == "finished":
                summary["verdict"] = verdict(summary, target, len(scenes["test"]))
            run.write_summary(summary)
            return summary

        close("running")
        observers.started(run)
        try:
            trainer.fit(interruption)
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            said = f"{type(error).__name__}: {error}"
            summary = close("interrupted") if stopped else close("failed", said)
            observers.finished(run, summary)
            raise
        whole = trainer.state.epoch >= run.recipe.training.epochs
        summary = close("finished" if whole else "interrupted")
        observers.finished(run, summary)
        return summary


def _trainer(
    run: Run,
    scenes: Mapping[Split, Scenes],
    observers: Observers,
    display: ProgressDisplay,
    versions: dict[str, Any],
) -> tuple[Trainer, Target | None]:
    """A trainer at the run's latest checkpoint, or at its beginning; what it is held to."""
    recipe = run.recipe
    torch.manual_seed(recipe.seed)
    channels, height, width = scenes["train"].images.shape[1:]
    model = recipe.build_model((channels, height, width))
    metrics = fitting(recipe.evaluation.build(), model, scenes["validation"])
    target = Target.of(recipe.evaluation.goal, metrics)
    display.headline = target.metric if target else next(iter(metrics), None)
    # Noise must not depend on how many numbers the components drew for their weights.
    torch.manual_seed(derived_seed("noise", recipe.seed))
    rates = recipe.model.rates
    for path in idle_paths(model, rates):
        display.note(f"note: the learning rate of model.{path} fits no parameter of this model")
    engine = EagerEngine(model, scenes["train"], metrics, recipe.training, rates)
    trainer = Trainer(
        run, engine, scenes, metrics, observers=observers, display=display, versions=versions
    )
    latest = run.latest_checkpoint()
    if latest is not None:
        trainer.restore(Checkpoint.load(latest))
        state = trainer.state
        display.note(f"Going on after {state.epoch} epochs and {state.step} steps.")
    run.keep_metrics(trainer.state.epoch)
    return trainer, target


@contextmanager
def unchecked() -> Iterator[None]:
    """No argument checks in distributions: each of them waits for the device."""
    before = Distribution._validate_args
    Distribution.set_default_validate_args(False)
    try:
        yield
    finally:
        Distribution.set_default_validate_args(before)
