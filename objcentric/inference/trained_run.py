"""A run with its trained model, as a notebook uses it (`TrainedRun`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from objcentric.inference.trained_model import TrainedModel
from objcentric.recipe.recipe import Recipe
from objcentric.runs.pack import write_pack
from objcentric.runs.run import Run


@dataclass(frozen=True, repr=False)
class TrainedRun:
    """A run, or a pack, and its model.

    Attributes:
        run: the run folder.
        model: the trained model.
    """

    run: Run
    model: TrainedModel

    @property
    def path(self) -> Path:
        """The folder."""
        return self.run.path

    @property
    def recipe(self) -> Recipe:
        """What was trained."""
        return self.run.recipe

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The figures of every epoch, flat: `pandas.DataFrame(run.metrics)` is a table.

        Keys are `epoch`, `images`, `seconds`, `train.loss`, `validation.count_accuracy`, …; see
        `metrics.jsonl` in docs/running.md. Empty for a pack.
        """
        return [_flat(line) for line in self.run.metrics()]

    @property
    def summary(self) -> dict[str, Any]:
        """The content of `summary.json`: status, final figures, versions, hashes of the data."""
        return self.run.summary()

    def pack(self, path: str | Path) -> Path:
        """Writes the smallest folder that `objcentric.load` takes; see `objcentric pack`."""
        return write_pack(self.run, Path(path))

    def __repr__(self) -> str:
        summary = self.summary
        kind = "pack" if self.run.is_pack else "run"
        said = summary.get("verdict") or (
            f"{summary.get('status', 'unknown')} after {summary.get('epochs', 0)} of "
            f"{self.recipe.training.epochs} epochs."
        )
        return (
            f"<TrainedRun {self.recipe.name}, seed {self.recipe.seed} ({kind} {self.path})\n"
            f"  {said}\n"
            f"  model: {self.model!r}>"
        )


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = value
    return found
