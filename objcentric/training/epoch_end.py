"""What follows an epoch: evaluation, warnings, pictures, observers (`EpochEnd`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from objcentric.errors import DamagedFile
from objcentric.evaluation.evaluate import evaluate
from objcentric.evaluation.signs import SIGNS
from objcentric.evaluation.stuck import LINE_KEY, stuck
from objcentric.files import plain
from objcentric.finiteness import astray_figures
from objcentric.interfaces import Figure, Metric, SceneModel, Scenes, Split
from objcentric.pictures.snapshot import Snapshot
from objcentric.randomness import own_noise
from objcentric.runs.observers import Observers
from objcentric.runs.run import Run
from objcentric.training.progress_display import ProgressDisplay
from objcentric.training.run_pictures import draw_epoch, picture_due


@dataclass(frozen=True)
class EpochReport:
    """What observers are told of an epoch.

    Attributes:
        line: its line of `metrics.jsonl`.
        pictures: PNG files by name.
        snapshot: what the pictures show; None if there are none.
    """

    line: dict[str, Any]
    pictures: dict[str, Path] = field(default_factory=dict)
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class EpochEnd:
    """Evaluates, draws and reports a completed epoch. Of several ranks, rank 0 does.

    Attributes:
        run: the run folder, into which it writes.
        model: the model in training, on `device`.
        scenes: scenes by split.
        metrics: metrics that evaluate the model.
        device: the device of the training.
        observers: told of every evaluation.
        display: where progress is shown.
        refuse: stops the training if names of figures that are not finite are given to it, after
            what they are figures of.
    """

    run: Run
    model: SceneModel
    scenes: Mapping[Split, Scenes]
    metrics: Sequence[Metric]
    device: torch.device
    observers: Observers
    display: ProgressDisplay
    refuse: Callable[[str, list[str]], None]

    def evaluated(self, epoch: int) -> dict[str, Any]:
        """Evaluation figures by split; empty for an epoch without evaluation.

        Validation scenes are used during training, test scenes only at the end.

        Args:
            epoch: number of epochs done, this one included.

        Raises:
            TrainingFailed: a figure is not finite.
        """
        options = self.run.recipe.training
        last = epoch == options.epochs
        if not last and epoch % options.eval_every:
            return {}
        figures = self._figures("validation", [*self.metrics, *SIGNS])
        signs = {sign.name: figures.pop(sign.key) for sign in SIGNS if sign.key in figures}
        found: dict[str, Any] = {"validation": figures, LINE_KEY: signs}
        return found | {"test": self._figures("test", self.metrics)} if last else found

    def written(self, line: dict[str, Any]) -> EpochReport | None:
        """Writes an epoch's line; if the epoch was evaluated, warns and draws, too."""
        self.run.append_metrics(line)
        self.display.epoch_done(line)
        if LINE_KEY not in line:
            return None
        self._warn(line["epoch"])
        return self._drawn(line)

    def tell(self, report: EpochReport) -> None:
        """Tells the observers."""
        epoch = report.line["epoch"]
        with own_noise(epoch, self.device):  # an observer may draw random numbers, too
            self.observers.evaluated(
                self.run, epoch, plain(report.line), report.pictures, report.snapshot
            )

    def _figures(self, split: Split, metrics: Sequence[Metric]) -> dict[str, Figure]:
        with self.display.doing(f"evaluating on {split} scenes"):
            figures = evaluate(self.model, self.scenes[split], metrics, self.device)
        self.refuse(f"the evaluation on {split} scenes", astray_figures(figures))
        return figures

    def _warn(self, epoch: int) -> None:
        """Warns of signs that have lasted since this evaluation."""
        for each in stuck(self.run.metrics()):
            if each.epoch == epoch:
                self.display.note(each.warning)

    def _drawn(self, line: dict[str, Any]) -> EpochReport:
        """The epoch with its pictures, if it is one to draw."""
        epoch, options = line["epoch"], self.run.recipe.training
        if not picture_due(epoch, options.eval_every, options.epochs):
            return EpochReport(line)
        with own_noise(epoch, self.device), self.display.doing("drawing pictures"):
            snapshot = Snapshot.take(self.model, self.scenes["validation"], self.device)
            try:
                pictures = draw_epoch(self.run, snapshot, self.display.headline)
            except DamagedFile as error:  # a picture of an earlier epoch, or the figures
                self.display.note(f"warning: no pictures are drawn: {error}")
                pictures = {}
            return EpochReport(line, pictures, snapshot)
