"""The result of a run, as figures (`summarise`) and as a sentence (`verdict`)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch

from objcentric.across_ranks import world_size
from objcentric.evaluation.stuck import stuck
from objcentric.evaluation.target import Target
from objcentric.runs.run import Run
from objcentric.runs.training_state import TrainingState

Status = Literal["running", "finished", "interrupted", "failed"]


def summarise(
    run: Run,
    state: TrainingState,
    target: Target | None,
    *,
    status: Status,
    device: str,
    versions: dict[str, Any],
    scenes_sha256: dict[str, str],
    image_shape: Sequence[int] = (),
    error: str = "",
) -> dict[str, Any]:
    """The content of `summary.json`, computed from the run's metrics and state."""
    lines = run.metrics()
    seconds = state.train_seconds
    summary = {
        "status": status,
        "recipe": run.recipe.name,
        "seed": run.recipe.seed,
        "epochs": state.epoch,
        "steps": state.steps,
        "images": state.images,
        "train_seconds": seconds,
        "images_per_second": state.images / seconds if seconds else None,
        **_on_the_way(target, lines),
        "validation": _latest(lines, "validation"),
        "test": _latest(lines, "test"),
        "stuck": [each.plain() for each in stuck(lines)],
        "device": device,
        "threads": torch.get_num_threads(),
        "processes": world_size(),
        **({"image_shape": list(image_shape)} if image_shape else {}),
        "scenes_sha256": scenes_sha256,
        "versions": versions,
    }
    return summary | ({"error": error} if error else {})


def verdict(summary: Mapping[str, Any], target: Target | None, test_scenes: int) -> str:
    """The result in one sentence."""
    epochs = "1 epoch" if summary["epochs"] == 1 else f"{summary['epochs']} epochs"
    trained = f"after {epochs} ({duration(summary['train_seconds'])})"
    if target is None or summary["test"].get(target.metric.key) is None:
        return f"Trained {trained}."
    metric = target.metric
    figure = metric.show(summary["test"][metric.key])
    reached = summary[f"seconds_to_{target.label}"]
    when = "was not reached" if reached is None else f"was reached after {duration(reached)}"
    title = metric.title[:1].upper() + metric.title[1:]
    return (
        f"{title} {figure} on {test_scenes:,} test scenes {trained}; "
        f"the goal, {target.mark} on validation scenes, {when}."
    )


def duration(seconds: float) -> str:
    """A duration for display: `38 s`, `4 min 10 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _on_the_way(target: Target | None, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Seconds and images until the goal was reached; None if it was not."""
    if target is None:
        return {}
    good = target.first_reached(lines)
    return {
        f"{unit}_to_{target.label}": good[unit] if good else None for unit in ("seconds", "images")
    }


def _latest(lines: list[dict[str, Any]], split: str) -> dict[str, Any]:
    """The figures of the latest evaluation on a split; empty before the first one."""
    found: list[dict[str, Any]] = [line[split] for line in lines if split in line]
    return found[-1] if found else {}
