"""`objcentric evaluate`."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, Quiet, RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from objcentric.interfaces import Metric


class SplitName(Enum):
    """A split of the scenes, as the command line names it."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


def evaluate(
    run: RunFolder,
    overrides: Overrides = None,
    split: Annotated[SplitName, typer.Option(help="The scenes to evaluate on.")] = SplitName.TEST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Evaluate the latest checkpoint of a run, by default on its test scenes.

    KEY=VALUE changes the recipe for this evaluation only: other scenes, other evaluation.metrics,
    or more model.objects if the scheduler's weights do not depend on their number.

    Exit code 1 if a figure is not finite.
    """
    import json

    from objcentric.cli.imports import import_torch

    import_torch("objcentric.training.train", quiet=quiet)
    from objcentric.evaluation.evaluate import evaluate as judge
    from objcentric.evaluation.evaluate import fitting
    from objcentric.files import plain
    from objcentric.finiteness import astray_figures, named
    from objcentric.recipe import load
    from objcentric.registry import Registry
    from objcentric.runs.restore import restored_model
    from objcentric.runs.run_folders import stored_run
    from objcentric.training.guards import unchecked
    from objcentric.waiting import waiting

    registry = Registry.discover(plugin or ())
    with waiting("Reading the recipe", quiet=quiet):
        stored = stored_run(run, registry)
        recipe = load(str(stored.recipe_file), overrides or (), registry)
    source = recipe.build_source()
    with waiting(f"Making {split.value} scenes", quiet=quiet):
        scenes = source.scenes(split.value)
    model, device = restored_model(stored, recipe, image_shape=source.image_shape)
    metrics = fitting(recipe.evaluation.build(), model, scenes)
    # Unchecked as in training: a value that is not finite is a figure, not an error.
    with unchecked(), waiting(f"Evaluating on {split.value} scenes", quiet=quiet):
        figures = judge(model, scenes, metrics, device)
    if as_json:
        typer.echo(json.dumps(plain(figures), indent=2))
    else:
        _print_table(f"{run}: {len(scenes):,} {split.value} scenes", metrics, plain(figures))
    if astray := astray_figures(figures):
        typer.secho(f"Not finite: {named(astray)}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)


def _print_table(title: str, metrics: "Sequence[Metric]", figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    tables = []
    for metric in metrics:
        figure = figures[metric.key]
        if isinstance(figure, list) and figure and isinstance(figure[0], list):
            tables.append(_matrix(metric, figure))
        else:
            table.add_row(metric.title, metric.show(figure))
    console = Console()
    for each in (table, *tables):
        console.print(each)


def _matrix(metric: "Metric", rows: list[list[float]]) -> "Table":
    """The table of a figure that is a matrix; rows and columns are numbered from 0."""
    from rich.table import Table

    table = Table("", *(str(column) for column in range(len(rows[0]))), title=metric.title)
    for number, row in enumerate(rows):
        table.add_row(str(number), *(metric.show(cell) for cell in row))
    return table
