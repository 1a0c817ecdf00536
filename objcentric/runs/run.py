"""A run folder (`Run`); scripts depend on its files."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.errors import DamagedFile
from objcentric.files import append_line, read_json, read_json_lines, write_json, write_text
from objcentric.names import shortened
from objcentric.runs.checkpoint import epoch_of, latest_checkpoint
from objcentric.runs.errors import RunFolderError
from objcentric.runs.stored import LINE_KEYS, LINE_NEEDS, SUMMARY_KEYS, checked
from objcentric.runs.unfinished import remove_unfinished
from objcentric.scene import ImageShape

if TYPE_CHECKING:
    from objcentric.recipe.recipe import Recipe

LARGEST_SIDE = 100_000
"""A summary that claims larger images is damaged."""

PACK_FILE = "pack.json"
"""The file with the checksums of a pack, by which a pack is known."""

Metrics = dict[str, Any]
"""A line of `metrics.jsonl`: the figures of one epoch, nested by split (`train`, `test`, …)."""


class Run:
    """A folder that holds one training: its recipe, its figures, its checkpoints and its pictures.

    Args:
        path: the folder.
        recipe: what is trained in it.
    """

    def __init__(self, path: Path, recipe: "Recipe") -> None:
        self.path = path
        self.recipe = recipe

    @property
    def recipe_file(self) -> Path:
        """The resolved recipe."""
        return self.path / "recipe.yaml"

    @property
    def metrics_file(self) -> Path:
        """The figures, one line of JSON per epoch."""
        return self.path / "metrics.jsonl"

    @property
    def summary_file(self) -> Path:
        """The run's status and results."""
        return self.path / "summary.json"

    @property
    def checkpoints(self) -> Path:
        """Folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def pictures(self) -> Path:
        """Folder of pictures."""
        return self.path / "pictures"

    @property
    def is_pack(self) -> bool:
        """Whether the folder is a pack: a trained model alone, without its training."""
        return os.path.lexists(self.path / PACK_FILE)

    def settings(self) -> dict[str, Any]:
        """The resolved recipe as nested plain values."""
        return self.recipe.plain()

    def latest_checkpoint(self) -> Path | None:
        """The newest checkpoint; None before there is one."""
        return latest_checkpoint(self.checkpoints)

    def checkpoint(self) -> Path:
        """The newest checkpoint.

        Raises:
            RunFolderError: there is none yet.
        """
        latest = self.latest_checkpoint()
        if latest is None:
            raise RunFolderError(
                f"{self.path} has no checkpoint yet: its first epoch is not over "
                f"(`objcentric train --resume {self.path}` continues it)"
            )
        return latest

    def image_shape(self) -> ImageShape:
        """`(C, H, W)` of the images that the model takes.

        Runs of former versions do not say it. Then the source of the scenes is asked, which may
        need its data.

        Raises:
            DamagedFile: the summary is damaged.
        """
        stated = self.summary().get("image_shape")
        if stated is None:
            return self.recipe.build_source().image_shape
        if not _is_shape(stated):
            raise DamagedFile(
                f"{self.summary_file} is damaged: image_shape should be three sizes, got "
                f"{shortened(repr(stated))}"
            )
        channels, height, width = stated
        return (channels, height, width)

    def write_recipe(self) -> None:
        """Writes the resolved recipe into the folder."""
        write_text(self.recipe_file, self.recipe.to_yaml())

    def append_metrics(self, line: Mapping[str, Any]) -> None:
        """Adds an epoch's figures."""
        append_line(self.metrics_file, line)

    def metrics(self) -> list[Metrics]:
        """The figures of all epochs; a line that a kill cut short is ignored.

        Raises:
            DamagedFile: the file is damaged.
        """
        if not os.path.lexists(self.metrics_file):
            return []
        return [
            checked(line, LINE_KEYS, self.metrics_file, needs=LINE_NEEDS, line=number)
            for number, line in enumerate(read_json_lines(self.metrics_file), 1)
        ]

    def keep_metrics(self, epochs: int) -> None:
        """Drops the figures of epochs after `epochs`, which will be trained again.

        If the recipe has more epochs than that, figures on test scenes are dropped, too.
        """
        kept = [line for line in self.metrics() if line["epoch"] <= epochs]
        if epochs < self.recipe.training.epochs:
            for line in kept:
                line.pop("test", None)
        write_text(self.metrics_file, "".join(json.dumps(line) + "\n" for line in kept))

    def tidy(self) -> None:
        """Removes files that killed processes have left half-written, once the run is locked."""
        names = (self.recipe_file, self.metrics_file, self.summary_file, self.path / "report.html")
        remove_unfinished(names, [self.pictures])

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Replaces the summary."""
        write_json(self.summary_file, summary)

    def summary(self) -> dict[str, Any]:
        """The content of `summary.json`; empty before it is first written.

        Raises:
            DamagedFile: the file is damaged.
        """
        if not os.path.lexists(self.summary_file):
            return {}
        return checked(read_json(self.summary_file), SUMMARY_KEYS, self.summary_file)

    def has_its_end(self) -> bool:
        """Whether the run has finished, and its newest checkpoint is that of its last epoch.

        Whoever removes a damaged last checkpoint wants to go on from the one before it.
        """
        latest = self.latest_checkpoint()
        done = 0 if latest is None else epoch_of(latest)
        return self.is_finished() and done >= self.recipe.training.epochs

    def is_finished(self) -> bool:
        """Whether the run has done all epochs of its recipe."""
        summary = self.summary()
        done: int = summary.get("epochs", 0)
        return summary.get("status") == "finished" and done >= self.recipe.training.epochs


def _is_shape(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(type(size) is int and 0 < size < LARGEST_SIDE for size in value)
    )
