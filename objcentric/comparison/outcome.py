"""What came of one training of a comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from objcentric.comparison.judgement import Judgement
from objcentric.comparison.trial import Trial

Status = Literal["finished", "failed", "interrupted", "waiting"]

FIGURES = ("epochs", "images", "train_seconds", "images_per_second", "device")
"""Of a summary, as they are."""

INTERRUPTED = 130
"""Exit code of a training that was asked to stop."""


@dataclass(frozen=True)
class Outcome:
    """The figures of one run, or why there are none.

    Attributes:
        arm: the name of its arm.
        seed: its seed.
        folder: the run folder, relative to that of the comparison.
        status: whether it has finished, failed, or can go on.
        error: why it failed; empty if it did not.
        figures: by name; those that do not exist are None.
        test: figures of the test scenes that are single numbers, by the metrics' keys; none of a
            run that has not finished.
        scenes_sha256: of the scenes it saw, by split.
    """

    arm: str
    seed: int
    folder: str
    status: Status
    error: str
    figures: Mapping[str, Any]
    test: Mapping[str, float | None]
    scenes_sha256: Mapping[str, str]

    @classmethod
    def of(cls, trial: Trial, judgement: Judgement, exit_code: int | None = None) -> "Outcome":
        """Reads a trial's run folder.

        Args:
            trial: whose run folder may not be there yet.
            judgement: what it is judged by.
            exit_code: of its process, if one was started and has ended.
        """
        summary = trial.run.summary()
        status, error = _status(trial, summary, exit_code)
        target = judgement.target
        good = target.first_reached(trial.run.metrics()) if target else None
        figures = {name: summary.get(name) for name in FIGURES}
        for unit in ("seconds", "images"):
            figures[f"{unit}_to_goal"] = good[unit] if good else None
        found = summary.get("test", {}) if status == "finished" else {}
        test = {metric.key: found.get(metric.key) for metric in judgement.ranked}
        folder = trial.run.path.relative_to(trial.folder).as_posix()
        scenes = summary.get("scenes_sha256", {})
        return cls(trial.arm.name, trial.seed, folder, status, error, figures, test, scenes)

    def plain(self) -> dict[str, Any]:
        """As JSON knows it: one level but for the digests."""
        head = {name: getattr(self, name) for name in ("arm", "seed", "folder", "status", "error")}
        scenes = {"scenes_sha256": dict(self.scenes_sha256)}
        return {**head, **self.figures, **self.test, **scenes}


def _status(trial: Trial, summary: Mapping[str, Any], exit_code: int | None) -> tuple[Status, str]:
    if trial.run.is_finished():
        return "finished", ""
    if summary.get("status") == "failed":
        return "failed", summary.get("error", "")
    if exit_code == INTERRUPTED:
        return "interrupted", ""
    if exit_code is not None:
        return "failed", f"{_ending(exit_code)}, and {trial.log.name} ends: {_last_line(trial.log)}"
    return ("interrupted" if summary else "waiting"), ""


def _ending(exit_code: int) -> str:
    return f"killed by signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line), "nothing was printed")
