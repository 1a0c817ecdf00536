"""`objcentric evaluate`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from objcentric.cli.arguments import PluginFiles


def evaluate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON rather than a table.")
    ] = False,
    plugin: PluginFiles = None,
) -> None:
    """Evaluate the latest checkpoint of a run on its test scenes.

    Exit code 1 if a figure is not finite.
    """
    import json

    from objcentric.evaluation.evaluate import evaluate as judge
    from objcentric.files import plain
    from objcentric.finiteness import astray_figures, named
    from objcentric.registry import Registry
    from objcentric.runs.restore import restored_model
    from objcentric.runs.run_folders import stored_run
    from objcentric.training.train import unchecked

    stored = stored_run(run, Registry.discover(plugin or ()))
    scenes = stored.recipe.build_source().scenes("test")
    model, device = restored_model(stored)
    with unchecked():  # as in training: what is not finite is a figure, not an error
        figures = judge(model, scenes, device)
    if as_json:
        typer.echo(json.dumps(plain(figures), indent=2))
    else:
        _print_table(str(run), len(scenes), figures)
    if astray := astray_figures(figures):
        typer.secho(f"Not finite: {named(astray)}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)


def _print_table(run: str, scenes: int, figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{run}: {scenes:,} test scenes", title_justify="left")
    table.add_column("figure")
    table.add_column("value", justify="right")
    usage = ", ".join(f"{value:.1%}" for value in figures["slot_usage"])
    iou = "-" if figures["box_iou"] is None else f"{figures['box_iou']:.3f}"
    enclosed = "-" if figures["ink_enclosed"] is None else f"{figures['ink_enclosed']:.1%}"
    rows = {
        "count accuracy": f"{figures['count_accuracy']:.2%}",
        "ELBO (nats an image)": f"{figures['elbo']:.2f}",
        "negative log-likelihood": f"{figures['nll']:.2f}",
        "squared error a pixel": f"{figures['mse']:.5f}",
        "IoU of windows": iou,
        "of an object in its window": enclosed,
        "use of each step": usage,
    }
    for name, value in rows.items():
        table.add_row(name, value)
    confusion = Table()
    confusion.add_column("true ↓ found →")
    for found in range(len(figures["confusion"][0])):
        confusion.add_column(str(found), justify="right")
    for true, row in enumerate(figures["confusion"]):
        confusion.add_row(str(true), *(str(number) for number in row))
    console = Console()
    console.print(table)
    console.print(confusion)
