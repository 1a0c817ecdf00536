"""The training loop over epochs and steps (`Trainer`)."""

import math
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import torch

from objcentric.across_ranks import (
    any_rank,
    from_first_rank,
    on_first_rank,
    rank,
    told_by_first_rank,
    world_size,
)
from objcentric.errors import DamagedFile
from objcentric.finiteness import astray_figures, astray_weights, named
from objcentric.interfaces import Metric, Scenes, Split
from objcentric.interruption import Interruption
from objcentric.names import shortened
from objcentric.randomness import noise_state, restore_noise_state, seed_noise
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import TrainingFailed
from objcentric.runs.observers import Observers
from objcentric.runs.restore import check_weights
from objcentric.runs.run import Run
from objcentric.runs.training_state import TrainingState
from objcentric.training.batches import epoch_batches, share_of, steps_per_epoch
from objcentric.training.engines.engine import Engine
from objcentric.training.epoch_end import EpochEnd, EpochReport
from objcentric.training.epoch_tally import EpochTally
from objcentric.training.first_astray import FILE, GoodMoment, first_astray
from objcentric.training.optimizer import optimizer_state, restore_optimizer_state
from objcentric.training.progress_display import ProgressDisplay


class Trainer:
    """Trains a scene model as its recipe says, alone or as one of several ranks.

    Args:
        run: the run folder with its recipe. Only rank 0 writes into it.
        engine: holds the model and runs the steps.
        scenes: scenes by split. Validation scenes are used during training, test scenes at the end.
        metrics: metrics that evaluate the model.
        observers: called after every evaluation.
        display: where progress is shown.
        versions: versions to write into checkpoints.
    """

    def __init__(
        self,
        run: Run,
        engine: Engine,
        scenes: Mapping[Split, Scenes],
        metrics: Sequence[Metric],
        *,
        observers: Observers,
        display: ProgressDisplay,
        versions: dict[str, Any],
    ) -> None:
        self.run = run
        self.options = run.recipe.training
        self.engine = engine
        self.scenes = scenes
        self.display = display
        self.versions = versions
        self.steps_per_epoch = steps_per_epoch(len(scenes["train"]), self.options.batch_size)
        self.state = TrainingState()
        model, refuse = engine.model, self._refuse_astray
        self.epoch_end = EpochEnd(
            run, model, scenes, metrics, engine.device, observers, display, refuse
        )

    @property
    def device(self) -> torch.device:
        """The device of the training."""
        return self.engine.device

    def fit(self, interruption: Interruption) -> None:
        """Trains until all epochs are done or the user asks to stop.

        Raises:
            TrainingFailed: the loss, a weight, or a figure of an evaluation is not finite.
        """
        self.plan()
        while self.state.epoch < self.options.epochs and not any_rank(interruption.requested):
            self._train_epoch(interruption)
            self.end_epoch()
        self.save()  # removes leftovers of a kill

    def save(self) -> None:
        """Writes a checkpoint."""
        checkpoint = self.checkpoint()
        on_first_rank(lambda: checkpoint.save(self.run.checkpoints))

    def plan(self) -> None:
        """Shows how much there is to do."""
        images_per_epoch = self.steps_per_epoch * self.options.batch_size
        self.display.planned(self.options.epochs, self.options.epochs * images_per_epoch)

    def begin_epoch(self) -> None:
        """Begins the current epoch, or goes on in it."""
        state, scenes = self.state, len(self.scenes["train"])
        seed, batch_size = self.run.recipe.seed, self.options.batch_size
        batches = epoch_batches(seed, state.epoch, scenes, batch_size)
        # Endless scenes are made now, which is part of the time of training.
        self._before, self._started = state.epoch_seconds, perf_counter()
        self.engine.begin_epoch(state.epoch, share_of(batches))
        self._good = GoodMoment.now(self.engine, state.step, state.images)

    def stepped(self) -> bool:
        """Counts a step, and looks at the figures if it is time; each look waits for the device.

        Returns:
            Whether it has looked.

        Raises:
            TrainingFailed: the loss is not finite.
        """
        self.state.count_step(self.options.batch_size)
        self._take_time()
        look_every = self.engine.look_every
        is_time = look_every is not None and self.state.step % look_every == 0
        if is_time:
            self._look()
        return is_time

    def end_steps(self) -> None:
        """Waits for the last step of an epoch, and takes the time.

        Raises:
            TrainingFailed: the loss or a weight is not finite.
        """
        self._look()
        # No loss has shown them yet.
        self._refuse_astray("the model", astray_weights(self.engine.model), self._source)
        self._take_time()

    def end_epoch(self) -> None:
        """Evaluates, writes and reports the epoch; if it was broken off, only its checkpoint.

        Raises:
            TrainingFailed: a figure of an evaluation is not finite.
        """
        closed = self._close_epoch() if self.state.step == self.steps_per_epoch else None
        self.save()
        if closed is not None:  # only now: an observer that hangs must not cost the epoch
            self.epoch_end.tell(closed)

    def checkpoint(self) -> Checkpoint:
        """A checkpoint of the current state; of the ranks' noise, it has that of rank 0."""
        engine, tally = self.engine, self.engine.tally.across_ranks()
        return Checkpoint(
            model=engine.model.state_dict(),
            optimizer=optimizer_state(engine.model, engine.optimizer),
            noise=noise_state(self.device),
            figures=tally.names,
            sums=torch.empty(0) if tally.sums is None else tally.sums,
            state=self.state,
            recipe=self.run.recipe.to_yaml(),
            versions=self.versions,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Restores the state of a checkpoint.

        Raises:
            ObjcentricError: the weights or the state of the optimiser do not fit the model.
        """
        model, optimizer = self.engine.model, self.engine.optimizer
        channels, height, width = self.scenes["train"].images.shape[1:]
        check_weights(self.run, model, checkpoint.model, (channels, height, width))
        model.load_state_dict(dict(checkpoint.model))
        try:
            restore_optimizer_state(model, optimizer, checkpoint.optimizer)
            if rank() == 0:
                restore_noise_state(checkpoint.noise, self.device)
            else:
                seed_noise(self.run.recipe.seed, checkpoint.state.steps)
        except (KeyError, ValueError, RuntimeError, TypeError) as error:
            raise DamagedFile(
                f"{self.run.checkpoint()} is damaged: the state of its optimiser or of its random "
                f"generators does not fit the model ({shortened(str(error))})"
            ) from error
        self.state = checkpoint.state
        if checkpoint.figures:
            sums = checkpoint.sums.to(self.device)
            tally = EpochTally(checkpoint.figures, sums, checkpoint.state.epoch_images)
            self.engine.tally = tally.kept_by_first_rank()

    def _train_epoch(self, interruption: Interruption) -> None:
        """Runs the rest of the current epoch, or less if the user asks to stop."""
        self.begin_epoch()
        for number in range(self.state.step, self.steps_per_epoch):
            self.engine.step(number, self.state.images)
            looked = self.stepped()
            # Several ranks have to agree, which takes a message; one process stops at any step.
            if (looked or world_size() == 1) and any_rank(interruption.requested):
                break
        self.end_steps()

    def _take_time(self) -> None:
        self.state.epoch_seconds = self._before + perf_counter() - self._started

    def _look(self) -> None:
        """Shows the running figures, and stops the training if the loss is not finite.

        Raises:
            TrainingFailed: the loss is not finite.
        """
        state, means = self.state, self.engine.tally.means()
        if not math.isfinite(means["loss"]):
            self._refuse_astray("the loss", astray_figures(means), self._source)
        self._good = GoodMoment.now(self.engine, state.step, state.images)
        rate = state.epoch_images / state.epoch_seconds
        self.display.advanced(state.epoch, state.images, rate, means)

    def _source(self) -> str:
        """What the first value that is not finite came from; empty if it cannot be found."""
        batch_size, state = self.options.batch_size, self.state
        with self.display.doing("looking for the first value that is not finite"):
            found = first_astray(self.engine.plain, self._good, state.step, batch_size)
        if found is None:
            return ""
        on_first_rank(lambda: found.keep(self.run.path))
        return (
            f"; it first came from {found.source} in step {found.step}, whose batch is kept: "
            f'safetensors.torch.load_file("{self.run.path / FILE}")["image"]'
        )

    def _refuse_astray(self, what: str, astray: list[str], source: Callable[[], str] = str) -> None:
        """Stops a training that has diverged.

        Args:
            what: what is not finite.
            astray: names of the weights or figures.
            source: finds out what it came from.

        Raises:
            TrainingFailed: something is not finite.
        """
        if astray:
            error = TrainingFailed(
                f"{what} is not finite: in epoch {self.state.epoch + 1}, by step "
                f"{self.state.step} of {self.steps_per_epoch} (not finite: {named(astray)})"
                f"{source()}; a lower training.lr or a training.clip_norm may help"
            )
            raise told_by_first_rank(error)

    def _close_epoch(self) -> EpochReport | None:
        """Evaluates and draws a completed epoch; returns None if it is not one to evaluate.

        Rank 0 evaluates, and the others wait for it.

        Raises:
            TrainingFailed: a figure is not finite; the epoch then does not count as done.
        """
        state = self.state
        found = from_first_rank(lambda: self.epoch_end.evaluated(state.epoch + 1))
        figures, rate = self.engine.tally.means(), state.epoch_images / state.epoch_seconds
        self.engine.tally = EpochTally()
        state.close_epoch()
        line: dict[str, Any] = {"epoch": state.epoch, "images": state.images, "train": figures}
        line |= found | {"seconds": state.seconds, "images_per_second": rate}
        return on_first_rank(lambda: self.epoch_end.written(line))
