"""The newest and the best checkpoint of a run, as artifacts (`keep_best`, `log_checkpoints`)."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from objcentric.files import whole_folder

if TYPE_CHECKING:
    from objcentric.runs.run import Run


def best_epoch(run: "Run") -> int | None:
    """The first epoch with the best headline figure on validation scenes; None if there is none.

    The headline is the metric of the recipe's goal, or the first metric with a better direction.
    """
    lines = [line for line in run.metrics() if "validation" in line]
    goal = run.recipe.evaluation.goal
    ranked = [
        (m.key, -1 if m.better == "lower" else 1) for m in run.recipe.evaluation.build() if m.better
    ]
    if goal is not None:
        ranked.insert(0, (goal.metric, 1 if goal.direction == "at_least" else -1))
    for key, sign in ranked:
        figures = [(line["epoch"], line["validation"].get(key)) for line in lines]
        known = [(sign * figure, -epoch) for epoch, figure in figures if figure is not None]
        if known:
            return -max(known)[1]
    return None


def keep_best(run: "Run", epoch: int) -> None:
    """Keeps this epoch's checkpoint if it is the best so far; the run itself keeps the newest."""
    if best_epoch(run) != epoch:
        return
    checkpoint, folder = run.checkpoint(), _folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / checkpoint.name).exists():
        with whole_folder(folder / checkpoint.name) as temporary:
            for file in checkpoint.iterdir():
                _link(file, temporary / file.name)
    for other in folder.iterdir():
        if other.name != checkpoint.name:
            shutil.rmtree(other, ignore_errors=True)


def log_checkpoints(wandb: Any, report: Any, run: "Run") -> list[Any]:
    """Logs the newest checkpoint and the best one; returns what was logged."""
    latest = run.latest_checkpoint()
    if latest is None:
        return []
    best = next(iter(sorted(_folder(run).glob("epoch-*"))), None)
    if best is None:
        wanted = [(latest, ["latest"])]
    elif best.name == latest.name:
        wanted = [(latest, ["latest", "best"])]
    else:  # the server moves `latest` to whatever comes last
        wanted = [(best, ["best"]), (latest, ["latest"])]
    logged = []
    for checkpoint, aliases in wanted:
        # Named by id: runs in folders of the same name must not take each other's aliases.
        artifact = wandb.Artifact(
            f"checkpoint-{report.id}", type="model", metadata={"checkpoint": checkpoint.name}
        )
        for file in sorted(checkpoint.iterdir()):  # add_dir would print
            artifact.add_file(str(file))
        logged.append(report.log_artifact(artifact, aliases=aliases))
    return logged


def _folder(run: "Run") -> Path:
    return run.path / "wandb" / "best"


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)  # checkpoints are never changed
    except OSError:
        shutil.copy2(source, target)
