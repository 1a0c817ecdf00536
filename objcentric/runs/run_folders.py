"""Making run folders, and going back to them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from objcentric.errors import ObjcentricError
from objcentric.recipe import load
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run
from objcentric.runs.run_lock import RunLock
from objcentric.runs.taken_folder import TakenFolder

EPOCHS = "training.epochs"
"""The one setting of a run that may change when it is resumed: it may grow."""


@contextmanager
def new_run(recipe: Recipe, out: Path | None) -> Iterator[Run]:
    """A new run folder, held by this process for the block.

    If the block fails before there is a summary, the folder is as it was before.

    Args:
        recipe: stored in it.
        out: the folder, which must be empty but for dot files, or not there yet; None for a free
            one below `runs/`.

    Raises:
        RunFolderError: the folder holds something, or another process holds the folder.
    """
    folder = TakenFolder(out) if out else _free_folder(f"{recipe.name}-seed{recipe.seed}")
    with RunLock(folder.path):
        run = Run(folder.path, recipe)
        written = [RunLock.FILE]
        try:
            _refuse_used(folder.path)
            written += [run.recipe_file.name, run.metrics_file.name]
            run.write_recipe()
            yield run
        except ObjcentricError:
            if not run.summary_file.exists():  # nothing was trained: leave nothing in the way
                folder.give_back(*written)
            raise


@contextmanager
def resumed_run(run: Run) -> Iterator[Run]:
    """An existing run folder, held by this process for the block; its recipe is stored anew, for it
    may have more epochs now.

    Raises:
        RunFolderError: another process holds the folder.
    """
    with RunLock(run.path):
        run.write_recipe()
        yield run


def stored_run(path: Path, registry: Registry) -> Run:
    """The run of a folder, as it was trained.

    Raises:
        RunFolderError: there is no run folder.
        RecipeError: its recipe does not fit what is installed.
    """
    if not (path / "recipe.yaml").is_file():
        what = "is no run folder (it holds no recipe.yaml)" if path.exists() else "does not exist"
        near = sorted(file.parent.name for file in path.parent.glob("*/recipe.yaml"))
        hint = f"; {path.parent} holds the runs {', '.join(near)}" if near else ""
        raise RunFolderError(f"{path} {what}{hint}")
    return Run(path, load(str(path / "recipe.yaml"), (), registry))


def run_to_resume(
    path: Path, source: str | None, overrides: Sequence[str], registry: Registry
) -> Run:
    """The run of a folder, with as many epochs as are asked for now.

    Args:
        path: the folder.
        source: a recipe that must be the run's own; None for the one in the folder.
        overrides: likewise.
        registry: of what is installed.

    Raises:
        RunFolderError: there is no run folder, or something but more epochs is asked for.
        RecipeError: a recipe does not fit what is installed.
    """
    run = stored_run(path, registry)
    asked = load(source or str(run.recipe_file), overrides, registry)
    before, now = _flat(run.settings()), _flat(Run(path, asked).settings())
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    if changed == [EPOCHS] and now[EPOCHS] > before[EPOCHS]:
        changed = []
    if changed:
        listed = "".join(
            f"\n  {key}: {before.get(key, 'unset')} in the run, {now.get(key, 'unset')} asked for"
            for key in changed
        )
        raise RunFolderError(
            f"{path} cannot go on with another recipe (only {EPOCHS} may grow):{listed}\n"
            "leave the recipe and its overrides out, or train a new run with --out"
        )
    return Run(path, asked)


def _flat(settings: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Every setting by its path."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = value
    return found


def _free_folder(name: str) -> TakenFolder:
    """Makes `runs/name`, or `runs/name-2`, …: the first that is not there yet."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    folders = (TakenFolder(Path("runs") / candidate) for candidate in numbered)
    return next(folder for folder in folders if folder.is_new)


def _refuse_used(path: Path) -> None:
    if any(not entry.name.startswith(".") for entry in path.iterdir()):
        is_run = (path / "recipe.yaml").is_file()
        hint = f"go on with `--resume {path}`" if is_run else "it is no run folder"
        raise RunFolderError(f"--out {path} is not empty: {hint}, or choose another folder")
