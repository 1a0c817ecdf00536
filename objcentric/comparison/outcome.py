"""The result of one run of a comparison (`Outcome`)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from objcentric.comparison.judgement import Judgement
from objcentric.comparison.pool import LOST
from objcentric.comparison.trial import Trial
from objcentric.errors import DamagedFile
from objcentric.files import opened
from objcentric.interruption import INTERRUPTED

Status = Literal["finished", "failed", "interrupted", "waiting", "running"]

FIGURES = ("epochs", "images", "train_seconds", "images_per_second", "device")
"""Keys of `summary.json` that are copied unchanged."""

_TAIL = 2**16
"""Bytes of a log in which its last line is looked for."""


@dataclass(frozen=True)
class Outcome:
    """The figures of one run, or why there are none.

    Attributes:
        arm: name of the arm.
        seed: the run's seed.
        folder: the run folder, relative to the comparison's folder.
        status: whether the run has finished, has failed, can continue, or is being trained by a
            process of an earlier command.
        error: why it failed; empty if it did not.
        figures: figures by name; a figure that does not exist is None.
        test: single-number figures on test scenes, by metric key; all None until the run has
            finished.
        scenes_sha256: SHA-256 of the run's scenes, by split.
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
            trial: the trial; its run folder need not exist yet.
            judgement: the metrics and the goal.
            exit_code: exit code of its process, if one was started and has ended.
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
        """The outcome in JSON's own types; only the digests are nested."""
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
    if trial.trained_elsewhere() is not None:
        return "running", ""
    return ("interrupted" if summary else "waiting"), ""


def _ending(exit_code: int) -> str:
    if exit_code == LOST:
        return "lost with its worker, twice"
    return f"killed by signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"


def _last_line(log: Path) -> str:
    try:
        with opened(log) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            text = file.read().decode("utf-8", "replace")
    except DamagedFile:
        return "nothing that can be read"
    lines = [line.strip() for line in text.splitlines()]
    return next((line for line in reversed(lines) if line), "nothing was printed")
