"""The same scenes after several epochs (`Stages`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from objcentric.pictures.snapshot import Snapshot
from objcentric.report.found import Found
from objcentric.report.scene_view import SceneView, views
from objcentric.runs.run import Run

COLUMNS = 5
"""Epochs that are shown."""

ROWS = 5
"""Scenes that are shown."""


@dataclass(frozen=True)
class Stages:
    """What a model found in the same scenes while it learned.

    Attributes:
        epochs: the epochs.
        rows: for each scene its views, one per epoch.
    """

    epochs: tuple[int, ...]
    rows: tuple[tuple[SceneView, ...], ...]


def stages(run: Run) -> Stages | None:
    """The stages that the run's snapshots show; None if there are fewer than two."""
    files = snapshots(run)
    if len(files) < 2:
        return None
    epochs = spread(sorted(files), COLUMNS)
    columns = [
        views(Found.stored(Snapshot.load(files[epoch])), f"epoch-{epoch}", objects=False)[:ROWS]
        for epoch in epochs
    ]
    return Stages(tuple(epochs), tuple(zip(*columns, strict=False)))


def snapshots(run: Run) -> dict[int, Path]:
    """The files of a run's snapshots by epoch; those that a kill has left behind are ignored."""
    done = max((line["epoch"] for line in run.metrics()), default=0)
    files = {
        int(path.stem.removeprefix("epoch-")): path
        for path in run.pictures.glob("epoch-*.safetensors")
    }
    return {epoch: path for epoch, path in files.items() if epoch <= done}


def spread(epochs: Sequence[int], n: int) -> list[int]:
    """At most `n` of the epochs, evenly spread, with the first and the last: n is at least 2.

    `spread([1, 2, 5, 10, 20, 50], 3) -> [1, 10, 50]`
    """
    if len(epochs) <= n:
        return list(epochs)
    return [epochs[round(place * (len(epochs) - 1) / (n - 1) + 0.01)] for place in range(n)]
