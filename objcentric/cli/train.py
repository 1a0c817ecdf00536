"""`objcentric train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, Quiet
from objcentric.launched import is_follower, launched

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console

    from objcentric.recipe.recipe import Recipe
    from objcentric.registry import Registry
    from objcentric.runs.run import Run


def train(
    recipe: Annotated[
        str | None,
        typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or a .yaml file."),
    ] = None,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(help="The run folder; by default one below runs/.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Continue the run in this folder; needs no RECIPE.")
    ] = None,
    seeds: Annotated[
        str | None,
        typer.Option(
            metavar="0..7",
            help="Train these seeds as one model, each into its own folder in --out.",
        ),
    ] = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Train a recipe into a run folder.

    `torchrun --nproc-per-node 2 -m objcentric train RECIPE` trains it by two processes.
    """
    from objcentric.cli.imports import import_torch

    quiet = quiet or is_follower()
    import_torch("objcentric.training.train", quiet=quiet)
    from rich.console import Console

    from objcentric.cli.seeds import read_seeds, train_seeds
    from objcentric.errors import ObjcentricError
    from objcentric.recipe import load
    from objcentric.registry import Registry
    from objcentric.runs.run_folders import new_run, resumed_run, run_to_resume
    from objcentric.waiting import waiting

    changes = list(overrides or [])
    if recipe is not None and "=" in recipe and not Path(recipe).exists():
        changes.insert(0, recipe)  # `--resume DIR KEY=VALUE` has no RECIPE
        recipe = None
    console = Console(quiet=is_follower())
    registry = Registry.discover(plugin or ())
    if seeds is not None:
        if recipe is None or resume is not None:
            raise ObjcentricError("--seeds needs a RECIPE, and goes on by itself, without --resume")
        if launched() is not None:
            raise ObjcentricError("--seeds trains them in one process: run it without torchrun")
        train_seeds(recipe, changes, read_seeds(seeds), out, registry, console, quiet=quiet)
        return
    if resume is not None:
        if out is not None:
            raise ObjcentricError("--out and --resume exclude each other: a run keeps its folder")
        run = run_to_resume(resume, recipe, changes, registry)
        if run.has_its_end():
            epochs = run.recipe.training.epochs
            console.print(
                f"{run.path} has finished its {epochs} epochs; "
                f"training.epochs={2 * epochs} would continue it",
                highlight=False,
            )
            return
        _run(run.recipe, resumed_run(run), registry, console, quiet)
    elif recipe is None:
        raise ObjcentricError(
            "no recipe is given: `objcentric ls` lists recipes; `--resume DIR` continues a run"
        )
    else:
        with waiting("Reading the recipe", quiet=quiet):
            chosen = load(recipe, changes, registry)
        _run(chosen, new_run(chosen, out), registry, console, quiet)


def _run(
    recipe: "Recipe",
    folder: "AbstractContextManager[Run]",
    registry: "Registry",
    console: "Console",
    quiet: bool,
) -> None:
    """Trains in a run folder and prints the result.

    Raises:
        typer.Exit: the run did not finish; the exit code says why.
    """
    from objcentric.across_ranks import AnotherRankFailed
    from objcentric.cli.failing import LAST_WORDS, let_first_rank_end, print_error, print_failure
    from objcentric.registry.blame import culprit
    from objcentric.report.run_report import FILE
    from objcentric.runs.errors import TrainingFailed
    from objcentric.runs.run_folders import one_for_all_ranks
    from objcentric.training.engines.fabric import join_ranks
    from objcentric.training.making import all_scenes
    from objcentric.training.train import train as fit

    def say(text: str) -> None:
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    join_ranks(recipe.training)
    # Before the folder is made, so that a recipe whose data is missing leaves no folder behind.
    scenes = all_scenes(recipe, quiet=quiet)
    try:
        with one_for_all_ranks(folder, recipe) as run:
            if not quiet:
                say(f"Training {recipe.name}, seed {recipe.seed}, in {run.path}")
            summary = fit(run, scenes, registry, console, quiet=quiet)
    except AnotherRankFailed:
        let_first_rank_end(LAST_WORDS)
        raise typer.Exit(1) from None
    except TrainingFailed as error:
        if is_follower():
            print_error(f"Failed: {error}.", error)
        say(f"Failed: {error}.\nIts folder is {run.path}")
        raise typer.Exit(1) from None
    except (typer.Exit, typer.Abort) as error:  # from a component, which must not set our exit code
        say(f"Failed: a component raised {type(error).__name__}.\nIts folder is {run.path}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if culprit(error) is None:
            raise
        print_failure(error)
        say(f"Its folder is {run.path}")
        raise typer.Exit(1) from error
    if is_follower():
        raise typer.Exit(130 if summary["status"] == "interrupted" else 0)
    if summary["status"] == "interrupted":
        say(
            f"Interrupted after {summary['epochs']} epochs ({summary['steps']} steps); "
            f"continue with\n    objcentric train --resume {run.path}"
        )
        raise typer.Exit(130)
    say(summary["verdict"])
    if (history := run.pictures / "history.png").is_file():
        say(f"Pictures: {history}")
    if (report := run.path / FILE).is_file():
        say(f"Report: {report}")
