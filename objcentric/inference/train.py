"""Training a recipe, as a notebook does it (`train`)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rich.console import Console

from objcentric.across_ranks import rank
from objcentric.errors import ObjcentricError
from objcentric.inference.load import trained_run
from objcentric.inference.trained_run import TrainedRun
from objcentric.recipe import load as load_recipe
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.runs.errors import TrainingFailed
from objcentric.runs.run import Run
from objcentric.runs.run_folders import new_run, one_for_all_ranks, resumed_run, run_to_resume
from objcentric.training.engines.fabric import join_ranks
from objcentric.training.making import all_scenes
from objcentric.training.train import train as fit


def train(
    recipe: str | Path | None = None,
    overrides: Sequence[str] = (),
    *,
    out: str | Path | None = None,
    resume: str | Path | None = None,
    plugins: Sequence[str | Path] = (),
    quiet: bool = False,
) -> TrainedRun:
    """Trains a recipe into a run folder, or continues a run, and loads what was trained.

        run = objcentric.train("quickstart", overrides=["training.epochs=2"])

    Ctrl-C (a notebook's stop button) ends the training after the current batch; what is returned is
    the run so far, and `objcentric.train(resume=run.path)` continues it.

    Args:
        recipe: a shipped recipe's name, or a `.yaml` file.
        overrides: changes of the recipe, `KEY=VALUE`.
        out: the run folder, new or empty; by default one below `runs/`.
        resume: the folder of a run to continue.
        plugins: Python files with components.
        quiet: whether to leave out progress; warnings are printed nevertheless.

    Raises:
        ObjcentricError: a mistake in recipe, options or folders.
        TrainingFailed: the training failed; its folder is kept.
    """
    if isinstance(overrides, str):
        raise ObjcentricError(f"overrides is a list of KEY=VALUE, got {overrides!r}")
    registry = Registry.discover([Path(file) for file in plugins])
    chosen, folder = _begun(recipe, overrides, out, resume, registry)
    if folder is None:
        assert resume is not None
        return trained_run(run_to_resume(Path(resume), None, (), registry))
    join_ranks(chosen.training)
    scenes = all_scenes(chosen, quiet=quiet or rank() > 0)  # before the folder is made
    with one_for_all_ranks(folder, chosen) as run:
        try:
            fit(run, scenes, registry, Console(), quiet=quiet)
        except TrainingFailed as error:
            error.add_note(f"Its folder is {run.path}")
            raise
    return trained_run(run)


def _begun(
    recipe: str | Path | None,
    overrides: Sequence[str],
    out: str | Path | None,
    resume: str | Path | None,
    registry: Registry,
) -> tuple[Recipe, AbstractContextManager[Run] | None]:
    """What to train and its folder; no folder if the run has finished already."""
    if resume is not None:
        if out is not None:
            raise ObjcentricError("out and resume exclude each other: a run keeps its folder")
        source = None if recipe is None else str(recipe)
        run = run_to_resume(Path(resume), source, overrides, registry)
        return run.recipe, None if run.has_its_end() else resumed_run(run)
    if recipe is None:
        raise ObjcentricError(
            "no recipe is given: train(NAME) trains one, train(resume=DIR) continues a run"
        )
    chosen = load_recipe(recipe, overrides, registry)
    return chosen, new_run(chosen, None if out is None else Path(out))
