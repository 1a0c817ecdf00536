"""Training several seeds as one model, for `objcentric train --seeds`."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from objcentric.errors import ObjcentricError

if TYPE_CHECKING:
    from rich.console import Console

    from objcentric.registry import Registry
    from objcentric.runs.run import Run

MOST_SEEDS = 10_000
"""More seeds than this are a slip of the keyboard."""


def read_seeds(text: str) -> list[int]:
    """The seeds that `0..7`, `0,3,5` or `0..3,8` stand for, in their order.

    Raises:
        ObjcentricError: it is none of these, or names a seed twice.
    """
    seeds: list[int] = []
    for part in text.split(","):
        found = re.fullmatch(r"\s*(\d{1,18})(?:\.\.(\d{1,18}))?\s*", part)
        first, last = (int(n) for n in (found[1], found[2] or found[1])) if found else (1, 0)
        if last < first or last - first >= MOST_SEEDS:
            raise ObjcentricError(f"--seeds takes seeds like 0..7 or 0,3,5; got {text!r}")
        seeds += range(first, last + 1)
    if len(set(seeds)) < len(seeds):
        raise ObjcentricError(f"--seeds names a seed twice: {text!r}")
    return seeds


def train_seeds(
    source: str,
    changes: Sequence[str],
    seeds: Sequence[int],
    out: Path | None,
    registry: "Registry",
    console: "Console",
    *,
    quiet: bool,
) -> None:
    """Trains all seeds that have not finished, those at the same moment as one model.

    Args:
        source: the recipe.
        changes: `KEY=VALUE`, none of them for the seed.
        seeds: the seeds; each has the folder `seed-N` in `out`.
        out: the folder of the run folders; None for one below `runs/`.
        registry: where names are looked up.
        console: where progress is shown.
        quiet: whether only warnings and results are shown.

    Raises:
        typer.Exit: some run did not finish; the exit code says why.
        ObjcentricError: a recipe or a folder is refused, or the seeds cannot be trained as one.
    """
    from objcentric.recipe import load
    from objcentric.runs.run import Run
    from objcentric.training.making import all_scenes

    if any(change.partition("=")[0].strip() == "seed" for change in changes):
        raise ObjcentricError("seed=… and --seeds exclude each other")
    recipes = [load(source, [*changes, f"seed={seed}"], registry) for seed in seeds]
    folder = out or Path("runs") / f"{recipes[0].name}-seeds"
    runs = [Run(folder / f"seed-{recipe.seed}", recipe) for recipe in recipes]
    runs = [_resumed(run, source, changes, registry) for run in runs]
    left = [run for run in runs if not run.has_its_end()]
    scenes = all_scenes(recipes[0], quiet=quiet) if left else {}
    for group in _by_moment(left):
        if not quiet:
            _say(console, f"Training {recipes[0].name}, {len(group)} seeds as one, in {folder}")
        summaries = _train(group, scenes, registry, console, quiet)
        if any(summary["status"] == "interrupted" for summary in summaries):
            _say(console, "Interrupted; run the same command again to continue.")
            raise typer.Exit(130)
    _tell(console, runs)


def _resumed(run: "Run", source: str, changes: Sequence[str], registry: "Registry") -> "Run":
    """The run with the recipe that it goes on with, if there is a folder to go on in."""
    from objcentric.runs.run_folders import run_to_resume

    if not run.recipe_file.exists():
        return run
    return run_to_resume(run.path, source, [*changes, f"seed={run.recipe.seed}"], registry)


def _by_moment(runs: Sequence["Run"]) -> list[list["Run"]]:
    """The runs by their latest checkpoints; a kill may have come between those of two seeds."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        latest = run.latest_checkpoint()
        groups.setdefault(latest.name if latest else "", []).append(run)
    return [groups[moment] for moment in sorted(groups)]


def _train(
    runs: Sequence["Run"],
    scenes: Mapping[Any, Any],
    registry: "Registry",
    console: "Console",
    quiet: bool,
) -> list[dict[str, Any]]:
    from objcentric.cli.failing import print_failure
    from objcentric.registry.blame import culprit
    from objcentric.runs.errors import TrainingFailed
    from objcentric.runs.run_folders import new_run, resumed_run
    from objcentric.training.train_together import train_together

    with ExitStack() as folders:
        for run in runs:
            there = run.recipe_file.exists()
            folders.enter_context(resumed_run(run) if there else new_run(run.recipe, run.path))
        try:
            return train_together(runs, scenes, registry, console, quiet=quiet)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except TrainingFailed as error:
            _say(console, f"Failed: {error}")
            raise typer.Exit(1) from None
        except ObjcentricError:
            raise
        except Exception as error:
            if culprit(error) is None:
                raise
            print_failure(error)
            raise typer.Exit(1) from error


def _tell(console: "Console", runs: Sequence["Run"]) -> None:
    """Says what became of the runs.

    Raises:
        typer.Exit: one of them failed.
    """
    for run in runs:
        summary = run.summary()
        said = summary.get("verdict") or f"failed: {summary.get('error', '')}"
        _say(console, f"seed {run.recipe.seed}: {said}")
    if any(run.summary().get("status") != "finished" for run in runs):
        raise typer.Exit(1)


def _say(console: "Console", text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
