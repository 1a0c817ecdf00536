"""`objcentric compare`."""

from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, Quiet, RecipeName

if TYPE_CHECKING:
    from rich.console import Console

    from objcentric.comparison.compare import MakePool
    from objcentric.comparison.comparison import Comparison
    from objcentric.comparison.machine import Machine
    from objcentric.recipe.options import TrainingOptions


class Where(Enum):
    """Where the runs of a comparison are trained."""

    HERE = "here"
    RAY = "ray"


def compare(
    recipe: RecipeName,
    overrides: Overrides = None,
    swap: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE,VALUE",
            help="A key of the recipe, say estimator, and the values to try. Repeatable.",
        ),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RECIPE",
            help="Another recipe, added unchanged as an arm. Repeatable.",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds per arm: 0, 1, …")] = 3,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Runs at a time; by default one per core, or one per CUDA device."
        ),
    ] = None,
    on: Annotated[
        Where,
        typer.Option(help="Where to train: on this machine, or on a Ray cluster (extra `ray`)."),
    ] = Where.HERE,
    out: Annotated[
        Path | None, typer.Option(help="The comparison's folder; by default one below runs/.")
    ] = None,
    stack: Annotated[
        int,
        typer.Option(min=1, help="Seeds to train as one model, for GPUs; 1 is one by one."),
    ] = 1,
    combine: Annotated[
        bool,
        typer.Option(
            "--all-combinations/--one-at-a-time",
            help="Train every combination of the swaps, or the recipe and one swap at a time.",
        ),
    ] = False,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Train a recipe and its variants with several seeds each, and compare the results."""
    from objcentric.cli.imports import import_torch

    import_torch(quiet=quiet)
    from rich.console import Console

    from objcentric.comparison.compare import compare as run
    from objcentric.comparison.planning import make_plan
    from objcentric.devices import resolve_device
    from objcentric.errors import ObjcentricError
    from objcentric.launched import launched
    from objcentric.registry import Registry

    if launched() is not None:
        raise ObjcentricError(
            "compare is one process, which starts others: run it without torchrun, and as one task"
        )
    if stack > 1 and on is not Where.HERE:
        raise ObjcentricError("--stack trains on this machine; leave it or --on out")
    files = plugin or []
    plan = make_plan(
        recipe,
        overrides or (),
        swap or (),
        seeds=seeds,
        combine=combine,
        registry=Registry.discover(files),
        against=against or (),
    )
    folder = out or Path("runs") / f"{plan.reference.name}-comparison"
    runs = len(plan.trials(folder))
    machine, make_pool = _shares(on, plan.reference.training, jobs, runs)
    console = Console()
    if not quiet:
        _say(console, f"Training {runs} runs, {machine.jobs} at a time, in {folder}")
    if stack > 1 and resolve_device(plan.reference.training.device).type == "cpu":
        _say(console, "note: --stack is meant for GPUs, and the device is a CPU")
    for arm in plan.arms:
        if arm.refusal:
            _say(console, f"{arm.name} is refused: {arm.refusal}")
    try:
        comparison, interrupted = run(
            plan, folder, machine, console, files, make_pool, stack=stack, quiet=quiet
        )
    except KeyboardInterrupt:
        interrupted = True
    if interrupted:
        _say(console, "Interrupted; run the same command again to continue.")
        raise typer.Exit(130)
    _report(console, comparison, folder)
    if comparison.all_failed:
        raise typer.Exit(1)


def _shares(
    on: Where, options: "TrainingOptions", jobs: int | None, runs: int
) -> "tuple[Machine, MakePool]":
    """The shares of the runs in what trains them, and the pool that trains them there."""
    from objcentric.comparison.machine import Machine
    from objcentric.comparison.process_pool import ProcessPool

    if on is Where.HERE:
        return Machine.found(options, jobs, runs), ProcessPool
    from objcentric.comparison.ray_pool import RayCluster, RayPool

    cluster = RayCluster.joined()
    machine = cluster.machine(options, jobs, runs)
    gpus = cluster.gpus_per_run(options)
    return machine, partial(RayPool, cpus=machine.threads, gpus=gpus)


def _report(console: "Console", comparison: "Comparison", folder: Path) -> None:
    from objcentric.comparison.tables import legend, notes, to_markdown, to_table
    from objcentric.report.run_report import FILE

    if console.is_terminal:
        console.print(to_table(comparison))
        for line in (legend(comparison.plan.judgement), *notes(comparison)):
            _say(console, line)
    else:
        _say(console, to_markdown(comparison))
    _say(console, f"Table, figures and learning curves: {folder / 'comparison'}.md .json .csv .png")
    if (page := folder / FILE).is_file():
        _say(console, f"Report: {page}")


def _say(console: "Console", line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
