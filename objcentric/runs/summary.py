"""What came of a run, in figures and in a sentence."""

from typing import Any, Literal

from objcentric.runs.run import Metrics, Run
from objcentric.runs.training_state import TrainingState

Status = Literal["running", "finished", "interrupted", "failed"]

GOOD_COUNTING = 0.98
"""The test count accuracy that time is taken to reach."""


def summarise(
    run: Run,
    state: TrainingState,
    *,
    status: Status,
    device: str,
    versions: dict[str, Any],
    scenes_sha256: dict[str, str],
    error: str | None = None,
) -> dict[str, Any]:
    """The content of `summary.json`: a function of the run's metrics and state."""
    evaluated = [line for line in run.metrics() if "test" in line]
    good = next((line for line in evaluated if _counts_well(line)), None)
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
        "seconds_to_98_percent": good["seconds"] if good else None,
        "images_to_98_percent": good["images"] if good else None,
        "test": evaluated[-1]["test"] if evaluated else {},
        "device": device,
        "scenes_sha256": scenes_sha256,
        "versions": versions,
    }
    return summary | ({"error": error} if error else {})


def verdict(run: Run, summary: dict[str, Any], test_scenes: int) -> str:
    """A sentence that says what was found."""
    test = summary["test"]
    usage = test["slot_usage"]
    pictures = run.pictures / "history.png"
    epochs = "1 epoch" if summary["epochs"] == 1 else f"{summary['epochs']} epochs"
    return (
        f"Counts {test['count_accuracy']:.1%} of {test_scenes:,} held-out scenes right "
        f"after {epochs} ({duration(summary['train_seconds'])}); "
        f"the {ordinal(len(usage))} step is used in {usage[-1]:.1%}.  Pictures: {pictures}"
    )


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, …"""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def duration(seconds: float) -> str:
    """`38 s`, `4 min 10 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _counts_well(line: Metrics) -> bool:
    accuracy = line["test"]["count_accuracy"]
    return accuracy is not None and accuracy >= GOOD_COUNTING
