"""What the summary of a run is made of (`Account`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from objcentric.across_ranks import rank
from objcentric.evaluation.target import Target
from objcentric.interfaces import Scenes, Split
from objcentric.runs.run import Run
from objcentric.runs.summary import Status, summarise, verdict
from objcentric.runs.training_state import TrainingState


@dataclass
class Account:
    """All inputs of a run's summary.

    Attributes:
        run: the run.
        scenes: its scenes, by split.
        versions: versions of the software that it uses.
        device: the device that trains it.
        target: its goal; None if there is none.
        state: its counters.
        together: number of runs that are trained as one, this one included.
    """

    run: Run
    scenes: Mapping[Split, Scenes]
    versions: dict[str, Any]
    device: str
    target: Target | None = None
    state: TrainingState = field(default_factory=TrainingState)
    together: int = 1

    def close(self, status: Status, error: str = "") -> dict[str, Any]:
        """Writes and returns the summary; of ranks other than 0, it has the status alone."""
        if rank() > 0:
            return {"status": status}
        summary = self.summary(status, error)
        self.run.write_summary(summary)
        return summary

    def summary(self, status: Status, error: str = "") -> dict[str, Any]:
        """The summary that `close` would write."""
        summary = summarise(
            self.run,
            self.state,
            self.target,
            status=status,
            device=self.device,
            versions=self.versions,
            image_shape=list(self.scenes["train"].images.shape[1:]),
            scenes_sha256={split: scenes.sha256 for split, scenes in self.scenes.items()},
            error=error,
        )
        if self.together > 1:  # its times are those of all
            summary["trained_together"] = self.together
        if self.scenes["train"].stream is not None:
            summary["train_scenes"] = "endless"
        if status == "finished":
            summary["verdict"] = verdict(summary, self.target, len(self.scenes["test"]))
        return summary
