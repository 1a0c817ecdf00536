"""The training loop."""

import math
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from objcentric.evaluation.evaluate import evaluate
from objcentric.files import plain
from objcentric.finiteness import astray_figures, astray_weights, named
from objcentric.interfaces import Scenes
from objcentric.interruption import Interruption
from objcentric.model.wired_model import WiredModel
from objcentric.randomness import (
    epoch_order,
    noise_state,
    own_noise,
    restore_noise_state,
)
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import TrainingFailed
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.runs.training_state import TrainingState
from objcentric.training.engines.fabric import make_fabric
from objcentric.training.epoch_tally import EpochTally
from objcentric.training.optimizer import (
    adam_state,
    clip_gradients,
    make_adam,
    restore_adam_state,
)
from objcentric.training.progress_display import ProgressDisplay
from objcentric.training.run_pictures import draw_epoch, picture_due
from objcentric.training.training_step import TrainingStep

LOOK_EVERY = 20
"""Steps between two looks at the running figures, each of which waits for the device."""


class Trainer:
    """Trains a scene model as its recipe says.

    Args:
        run: the folder, and the recipe in it.
        model: freshly initialised, on the CPU.
        train: scenes to learn from; only their images are learned from.
        test: scenes to judge by.
        observers: are told of every evaluation.
        display: shows how it goes.
        versions: to note in checkpoints.

    Raises:
        ObjcentricError: the recipe names a device or a component that does not exist.
    """

    def __init__(
        self,
        run: Run,
        model: WiredModel,
        train: Scenes,
        test: Scenes,
        *,
        observers: Observers,
        display: ProgressDisplay,
        versions: dict[str, Any],
    ) -> None:
        self.run = run
        self.options = run.recipe.training
        self.test = test
        self.observers = observers
        self.display = display
        self.versions = versions
        self.fabric = make_fabric(self.options)
        self.device = self.fabric.device
        self.model = model.to(self.device, self.options.weights_dtype)
        self.optimizer = make_adam(self.model, self.options.lr, self.options.lr_of)
        self.step, _ = self.fabric.setup(TrainingStep(self.model), self.optimizer)
        self.images = train.images.to(self.device)
        self.counts = train.counts.to(self.device)
        self.steps_an_epoch = math.ceil(len(train) / self.options.batch_size)
        self.state = TrainingState()
        self.tally = EpochTally()

    def fit(self, interruption: Interruption) -> None:
        """Trains until all epochs are done or the person asks to stop.

        Raises:
            TrainingFailed: the loss, a weight, or a figure of an evaluation is not finite.
        """
        self.display.planned(self.options.epochs, self.options.epochs * len(self.images))
        while self.state.epoch < self.options.epochs and not interruption.requested:
            self._train_epoch(interruption)
            if self.state.step == self.steps_an_epoch:
                self._close_epoch()
            self.checkpoint().save(self.run.checkpoints)
        self.checkpoint().save(self.run.checkpoints)  # removes what a kill may have left to remove

    def checkpoint(self) -> Checkpoint:
        """This moment of the training."""
        return Checkpoint(
            model=self.model.state_dict(),
            adam=adam_state(self.model, self.optimizer),
            noise=noise_state(self.device),
            figures=self.tally.names,
            sums=torch.empty(0) if self.tally.sums is None else self.tally.sums,
            state=self.state,
            recipe=self.run.recipe.to_yaml(),
            versions=self.versions,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Goes back to a moment of the training."""
        self.model.load_state_dict(dict(checkpoint.model))
        restore_adam_state(self.model, self.optimizer, checkpoint.adam)
        restore_noise_state(checkpoint.noise, self.device)
        self.state = checkpoint.state
        if checkpoint.figures:
            sums = checkpoint.sums.to(self.device)
            self.tally = EpochTally(checkpoint.figures, sums, checkpoint.state.epoch_images)

    def _train_epoch(self, interruption: Interruption) -> None:
        """Runs what is left of an epoch, or less if the person asks to stop."""
        state = self.state
        order = epoch_order(self.run.recipe.seed, state.epoch, len(self.images)).to(self.device)
        before, started = state.epoch_seconds, perf_counter()
        for batch in order.split(self.options.batch_size)[state.step :]:
            self._train_batch(batch)
            state.epoch_seconds = before + perf_counter() - started
            if state.step % LOOK_EVERY == 0:
                self._look()
            if interruption.requested:
                break
        self._look()
        self._refuse_astray("the model", astray_weights(self.model))  # no loss has shown them yet
        state.epoch_seconds = before + perf_counter() - started

    def _train_batch(self, batch: Int[Tensor, " B"]) -> None:
        state = self.state
        image = self.images[batch].to(self.options.weights_dtype) / 255
        loss, sums = self.step(
            image,
            self.counts[batch],
            epoch=state.epoch + state.step / self.steps_an_epoch,
            epochs=float(self.options.epochs),
            images=state.images,
        )
        self.optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        if self.options.clip_norm is not None:
            clip_gradients(self.optimizer, self.options.clip_norm)
        self.optimizer.step()
        self.tally.add(sums, len(batch))
        state.step += 1
        state.steps += 1
        state.images += len(batch)
        state.epoch_images += len(batch)

    def _look(self) -> None:
        """Shows the running figures, and stops what has gone astray.

        Raises:
            TrainingFailed: the loss is not finite.
        """
        state, means = self.state, self.tally.means()
        if not math.isfinite(means["loss"]):
            self._refuse_astray("the loss", astray_figures(means))
        rate = state.epoch_images / state.epoch_seconds
        self.display.advanced(state.epoch, state.images, rate, means["count_accuracy"])

    def _refuse_astray(self, what: str, astray: list[str]) -> None:
        """Stops a training that has diverged.

        Raises:
            TrainingFailed: something is not finite.
        """
        if astray:
            raise TrainingFailed(
                f"{what} is not finite: in epoch {self.state.epoch + 1}, by step {self.state.step} "
                f"of {self.steps_an_epoch} (not finite: {named(astray)}); a lower training.lr or a "
                "training.clip_norm may help"
            )

    def _close_epoch(self) -> None:
        """Evaluates and reports a whole epoch.

        Raises:
            TrainingFailed: a figure is not finite; then the epoch does not count.
        """
        state, test = self.state, self._evaluated(self.state.epoch + 1)
        figures, rate = self.tally.means(), state.epoch_images / state.epoch_seconds
        self.tally = EpochTally()
        state.epoch += 1
        state.seconds += state.epoch_seconds
        state.step, state.epoch_images, state.epoch_seconds = 0, 0, 0.0
        line: dict[str, Any] = {"epoch": state.epoch, "images": state.images, "train": figures}
        line |= test | {"seconds": state.seconds, "images_per_second": rate}
        self.run.append_metrics(line)
        self.display.epoch_done(line)
        if test:
            self._report(line)

    def _evaluated(self, epoch: int) -> dict[str, Any]:
        """The figures of an epoch that is to be evaluated as `test`; nothing of others."""
        if epoch < self.options.epochs and epoch % self.options.eval_every:
            return {}
        figures = evaluate(self.model, self.test, self.device)
        self._refuse_astray("the evaluation", astray_figures(figures))
        return {"test": figures}

    def _report(self, line: dict[str, Any]) -> None:
        epoch = self.state.epoch
        pictures: dict[str, Path] = {}
        with own_noise(epoch, self.device):  # an observer may draw random numbers, too
            if picture_due(epoch, self.options.eval_every, self.options.epochs):
                pictures = draw_epoch(self.run, self.model, self.test, self.device, epoch)
            self.observers.evaluated(self.run, epoch, plain(line), pictures)
