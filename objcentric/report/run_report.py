"""The report of one run (`report_run`)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from objcentric.pictures.snapshot import SCENES, Snapshot, varied_scenes
from objcentric.randomness import own_noise
from objcentric.report.figures import definitions, figure_rows, matrices
from objcentric.report.found import Found
from objcentric.report.mistakes import Mistakes, mistakes
from objcentric.report.page import write_page
from objcentric.report.run_charts import other_charts, run_charts
from objcentric.report.run_facts import outcome, parts_of, what_was_run
from objcentric.report.samples import Samples, samples
from objcentric.report.scene_view import SceneView, views
from objcentric.report.stages import snapshots, stages
from objcentric.report.trained import Material, Trained
from objcentric.report.traversals import Traversals, traversals

FILE = "report.html"
"""Name of the report in the folder of a run or of a comparison."""

NOISE = 0
"""Seed of these scenes."""


@dataclass(frozen=True)
class Seen:
    """What only a live model can show.

    Attributes:
        scenes: what it finds in some scenes.
        mistakes: the scenes in which it is worst.
        samples: scenes from its prior; None if it cannot draw any.
        traversals: what coordinates of a slot do; None if it cannot show it.
    """

    scenes: tuple[SceneView, ...]
    mistakes: Mistakes | None
    samples: Samples | None
    traversals: Traversals | None


def report_run(trained: Trained, summary: Mapping[str, Any] | None = None) -> Path:
    """Writes `report.html` into the folder of a run.

    Args:
        trained: the run, with its model and scenes if they can be had.
        summary: its summary; by default what its folder holds.

    Returns:
        The file.
    """
    run = trained.run
    summary = run.summary() if summary is None else summary
    recipe = run.recipe.to_yaml()
    lines = run.metrics()
    validation, test = (_latest(lines, split) for split in ("validation", "test"))
    judged = (test, "test") if test else (validation, "validation")
    return write_page(
        "run.html.j2",
        run.path / FILE,
        run=run,
        outcome=outcome(trained, summary),
        facts=what_was_run(trained, summary),
        model_parts=parts_of(run.recipe),
        seen=_seen(trained),
        stages=stages(run),
        charts=run_charts(trained),
        others=other_charts(trained),
        rows=figure_rows(trained.metrics, validation, test, trained.headline),
        matrices=matrices(trained.metrics, *judged),
        definitions=definitions(trained.metrics),
        recipe=recipe,
        recipe_file=base64.b64encode(recipe.encode()).decode("ascii"),
        versions=versions(summary),
        digests=summary.get("scenes_sha256", {}),
    )


def versions(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The versions of a summary as (what, version)."""
    found = dict(summary.get("versions", {}))
    plugins = found.pop("plugins", {})
    found.pop("plugin_files_sha256", None)
    known = {what: version for what, version in found.items() if version is not None}
    return [*known.items(), *((f"plugin {name}", version) for name, version in plugins.items())]


def _seen(trained: Trained) -> Seen:
    """What the model shows; from the last snapshot if there is no model."""
    if trained.material is not None:
        return _live(trained.material, trained)
    files = snapshots(trained.run)
    if not files:
        return Seen((), None, None, None)
    found = Found.stored(Snapshot.load(files[max(files)]))
    return Seen(views(found, "scene", objects=True), None, None, None)


@torch.no_grad()
def _live(material: Material, trained: Trained) -> Seen:
    model, scenes, device = material.model, material.scenes, material.device
    was_training = model.training
    model.eval()
    try:
        with own_noise(NOISE, device):
            index = varied_scenes(scenes.counts, len(scenes), SCENES)
            found = Found.live(model, scenes, index, device)
            return Seen(
                views(found, "scene", objects=True),
                mistakes(material, trained.headline),
                samples(model),
                traversals(material),
            )
    finally:
        model.train(was_training)


def _latest(lines: list[dict[str, Any]], split: str) -> dict[str, Any]:
    """The figures of the latest evaluation on a split; empty before the first one."""
    found: list[dict[str, Any]] = [line[split] for line in lines if split in line]
    return found[-1] if found else {}
