"""Creating run folders, and opening existing ones."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from pathlib import Path

from objcentric.across_ranks import from_first_rank, rank
from objcentric.errors import ObjcentricError
from objcentric.finiteness import named
from objcentric.recipe import RecipeError, load
from objcentric.recipe.recipe import Recipe
from objcentric.registry import Registry
from objcentric.runs.checkpoint import trained_recipe
from objcentric.runs.errors import RunFolderError
from objcentric.runs.links import refuse_links
from objcentric.runs.missing_plugins import another_version, missing_plugins
from objcentric.runs.pack import WEIGHTS, check_pack
from objcentric.runs.run import PACK_FILE, Run
from objcentric.runs.run_lock import RunLock
from objcentric.runs.settings import ENGINE, EPOCHS, changed_settings
from objcentric.runs.taken_folder import TakenFolder


@contextmanager
def new_run(recipe: Recipe, out: Path | None) -> Iterator[Run]:
    """A new run folder, locked for this process during the block.

    If the block fails before there is a summary, the folder is restored to its former state.

    Args:
        recipe: the recipe to write into the folder.
        out: the folder, which must be new or empty (dot files do not count); None for a new folder
            below `runs/`.

    Raises:
        RunFolderError: the folder is not empty, or another process uses it.
    """
    folder = TakenFolder(out) if out else _free_folder(f"{recipe.name}-seed{recipe.seed}")
    with RunLock(folder.path):
        run = Run(folder.path, recipe)
        written = [RunLock.FILE]
        try:
            _refuse_used(folder.path)
            written += [run.recipe_file.name, run.metrics_file.name]
            run.tidy()
            run.write_recipe()
            yield run
        except ObjcentricError:
            if not run.summary_file.exists():  # nothing was trained: leave no files behind
                folder.give_back(*written)
            raise


@contextmanager
def resumed_run(run: Run) -> Iterator[Run]:
    """An existing run folder, locked for this process during the block.

    Its recipe is written again, because it may have more epochs now. Files that killed processes
    have left half-written are removed.

    Raises:
        RunFolderError: another process uses the folder, or it has symbolic links in it.
    """
    refuse_links(run.path)
    with RunLock(run.path):
        run.tidy()
        run.write_recipe()
        yield run


@contextmanager
def one_for_all_ranks(folder: AbstractContextManager[Run], recipe: Recipe) -> Iterator[Run]:
    """A run folder that rank 0 makes or opens, and locks; the other ranks learn where it is.

        with one_for_all_ranks(new_run(recipe, out), recipe) as run:
            ...

    Args:
        folder: what `new_run` or `resumed_run` returns.
        recipe: the recipe that is trained.

    Raises:
        RunFolderError: rank 0 cannot use the folder.
        AnotherRankFailed: the same, on the other ranks.
    """
    if rank() > 0:
        yield Run(from_first_rank(Path), recipe)  # the path is that of rank 0
        return
    with ExitStack() as stack:
        opened: list[Run] = []

        def open_it() -> Path:
            opened.append(stack.enter_context(folder))
            return opened[0].path

        from_first_rank(open_it)
        yield opened[0]


def stored_run(path: Path, registry: Registry) -> Run:
    """The run in a folder, with the recipe of its training; or a pack.

    Raises:
        RunFolderError: this is no run folder, its recipe differs from that of its latest
            checkpoint, or that checkpoint is damaged; a plugin that it used is missing; or a pack
            is damaged.
        RecipeError: its recipe does not fit the installed plugins.
        DamagedFile: a file is damaged.
    """
    if not os.path.lexists(path / "recipe.yaml"):
        raise RunFolderError(_no_run(path))
    if os.path.lexists(path / PACK_FILE) or (path / WEIGHTS).is_file():
        check_pack(path)
    try:
        run = Run(path, load(str(path / "recipe.yaml"), (), registry))
    except RecipeError as error:
        if missing := missing_plugins(path, registry):
            raise RunFolderError(missing) from error
        if said := another_version(path):
            first = str(error).splitlines()[0]
            raise RunFolderError(f"{said}, and this version cannot use it: {first}") from error
        raise
    _refuse_edited(run, registry)
    return run


def run_to_resume(
    path: Path, source: str | None, overrides: Sequence[str], registry: Registry
) -> Run:
    """The run in a folder, with the number of epochs that is now requested.

    Args:
        path: the folder.
        source: a recipe, which must equal the run's except for more epochs; None for the one in
            the folder.
        overrides: `KEY=VALUE`, with the same restriction.
        registry: where names are looked up.

    Raises:
        RunFolderError: this is no run folder, or something other than more epochs is requested.
        RecipeError: a recipe does not fit the installed plugins.
    """
    run = stored_run(path, registry)
    if run.is_pack:
        raise RunFolderError(
            f"{path} is a pack: it holds a trained model, but not the state of its training; "
            f"`objcentric train {run.recipe_file}` trains the same recipe from the beginning"
        )
    asked = load(source or str(run.recipe_file), overrides, registry)
    changed = changed_settings(run.settings(), Run(path, asked).settings())
    if changed:
        listed = "".join(
            f"\n  {key}: {before} in the run, {now} requested"
            for key, (before, now) in changed.items()
        )
        raise RunFolderError(
            f"{path} cannot continue with another recipe (only {EPOCHS} may grow, and {ENGINE} "
            f"may change):{listed}\n"
            "leave the recipe and its overrides out, or train a new run with --out"
        )
    return Run(path, asked)


def _refuse_edited(run: Run, registry: Registry) -> None:
    """Refuses a recipe file that was edited after training.

    It compares settings, not text: both recipes are resolved with the plugins installed now.
    """
    latest = run.latest_checkpoint()
    if latest is None:
        return
    trained = Run(run.path, load(str(trained_recipe(latest)), (), registry))
    if changed := changed_settings(trained.settings(), run.settings()):
        listed = "".join(
            f"\n  {key}: {before} in the checkpoint, {now} in {run.recipe_file.name}"
            for key, (before, now) in changed.items()
        )
        raise RunFolderError(
            f"{run.recipe_file} is not the recipe that {latest.name} was trained with:{listed}\n"
            "undo the change, or train a new run with --out"
        )


def _no_run(path: Path) -> str:
    """Why a folder is no run, and which runs are beside it."""
    if not path.exists():
        what = "does not exist"
    elif not path.is_dir():
        what = "is no folder, so it is no run"
    else:
        file = path / "recipe.yaml"
        what = f"is no run folder (it holds no {file.name})"
    near = sorted(file.parent.name for file in path.parent.glob("*/recipe.yaml"))
    hint = f"; {path.parent} holds the runs {named(near)}" if near else ""
    return f"{path} {what}{hint}"


def _free_folder(name: str) -> TakenFolder:
    """Makes the first of `runs/name`, `runs/name-2`, … that does not exist yet."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    folders = (TakenFolder(Path("runs") / candidate) for candidate in numbered)
    return next(folder for folder in folders if folder.is_new)


def _refuse_used(path: Path) -> None:
    if any(not entry.name.startswith(".") for entry in path.iterdir()):
        is_run = (path / "recipe.yaml").is_file()
        hint = f"continue with `--resume {path}`, or" if is_run else "it is no run folder;"
        raise RunFolderError(f"--out {path} is not empty: {hint} choose another folder")
