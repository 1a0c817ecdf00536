"""A run with its model and its scenes, as far as they can be had (`Trained`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from objcentric.errors import ObjcentricError
from objcentric.evaluation.target import Target
from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.runs.restore import restored_model
from objcentric.runs.run import Run


@dataclass(frozen=True)
class Material:
    """A trained model and scenes to look at.

    Attributes:
        model: the model, on `device`.
        scenes: validation scenes, for the report invites choices.
        device: the device of the model.
    """

    model: SceneModel
    scenes: Scenes
    device: torch.device


@dataclass(frozen=True)
class Trained:
    """A run and what can be shown of it.

    Attributes:
        run: the run.
        material: its model and scenes; None if they cannot be had.
        missing: why they cannot be had; empty if they can.
        metrics: the metrics of which the run folder holds figures.
        target: its goal; None if there is none.
    """

    run: Run
    material: Material | None
    missing: str
    metrics: tuple[Metric, ...]
    target: Target | None

    @classmethod
    def of(cls, run: Run, material: Material | None, missing: str = "") -> "Trained":
        """A run, with the metrics of which it has figures."""
        metrics = judged_by(run)
        return cls(run, material, missing, metrics, Target.of(run.recipe.evaluation.goal, metrics))

    @classmethod
    def restored(cls, run: Run) -> "Trained":
        """A run, with the model of its latest checkpoint and its scenes if possible."""
        try:
            scenes = run.recipe.build_source().scenes("validation")
            model, device = restored_model(run)
        except ObjcentricError as error:
            return cls.of(run, None, str(error))
        return cls.of(run, Material(model.eval(), scenes, device))

    @property
    def headline(self) -> Metric | None:
        """The metric that stands for the run; None if it has no figures."""
        return headline(self.metrics, self.target)


def judged_by(run: Run) -> tuple[Metric, ...]:
    """The metrics of a run's recipe of which the run has figures."""
    keys = {
        key
        for line in run.metrics()
        for split in ("validation", "test")
        for key in line.get(split, ())
    }
    return tuple(metric for metric in run.recipe.evaluation.build() if metric.key in keys)


def headline(metrics: Sequence[Metric], target: Target | None) -> Metric | None:
    """The goal's metric, or the first with a better direction, or the first single number."""
    if target is not None:
        return target.metric
    single = [metric for metric in metrics if metric.style != "table"]
    ranked = [metric for metric in single if metric.better is not None]
    return next(iter([*ranked, *single]), None)
