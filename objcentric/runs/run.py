"""A run folder: the contract that scripts depend on."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.runs.checkpoint import latest_checkpoint
from objcentric.files import append_line, write_json, write_text

if TYPE_CHECKING:
    from objcentric.recipe.recipe import Recipe

Metrics = dict[str, Any]
"""A line of `metrics.jsonl`: figures of one epoch, those of `train` and `test` nested."""


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
        """A line of JSON an epoch."""
        return self.path / "metrics.jsonl"

    @property
    def summary_file(self) -> Path:
        """What came of the run."""
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
    def recipe_digest(self) -> str:
        """SHA-256 of the resolved recipe."""
        return hashlib.sha256(self.recipe.to_yaml().encode()).hexdigest()

    def settings(self) -> dict[str, Any]:
        """The resolved recipe as nested plain values."""
        return self.recipe.plain()

    def latest_checkpoint(self) -> Path | None:
        """The newest checkpoint, None before there is one."""
        return latest_checkpoint(self.checkpoints)

    def write_recipe(self) -> None:
        """Stores the recipe as it is resolved."""
        write_text(self.recipe_file, self.recipe.to_yaml())

    def append_metrics(self, line: Mapping[str, Any]) -> None:
        """Adds an epoch's figures."""
        append_line(self.metrics_file, line)

    def metrics(self) -> list[Metrics]:
        """The figures of all epochs; a line that a kill cut short does not count."""
        if not self.metrics_file.exists():
            return []
        lines = self.metrics_file.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def keep_metrics(self, epochs: int) -> None:
        """Drops the figures of later epochs, which are about to be made again."""
        kept = [line for line in self.metrics() if line["epoch"] <= epochs]
        write_text(self.metrics_file, "".join(json.dumps(line) + "\n" for line in kept))

    def write_summary(self, summary: Mapping[str, Any]) -> None:
        """Replaces the summary."""
        write_json(self.summary_file, summary)

    def summary(self) -> dict[str, Any]:
        """What came of the run so far; empty before its first summary."""
        if not self.summary_file.exists():
            return {}
        summary: dict[str, Any] = json.loads(self.summary_file.read_text(encoding="utf-8"))
        return summary

    def is_finished(self) -> bool:
        """Whether the run has done all epochs that its recipe asks for."""
        summary = self.summary()
        done: int = summary.get("epochs", 0)
        return summary.get("status") == "finished" and done >= self.recipe.training.epochs
