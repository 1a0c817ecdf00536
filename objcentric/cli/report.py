"""`objcentric report`."""

from pathlib import Path
from typing import Annotated

import typer

from objcentric.cli.arguments import PluginFiles


def report(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run folders, or the folder of a comparison."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The file for a report of several runs; by default report.html here."),
    ] = None,
    plugin: PluginFiles = None,
) -> None:
    """Write a page about a run, several runs or a comparison: one file, to be opened in a browser.

    A run and a comparison get a report.html in their folder.
    """
    from objcentric.registry import Registry
    from objcentric.report.run_report import report_run
    from objcentric.report.trained import Trained
    from objcentric.runs.run_folders import stored_run
    from objcentric.training.train import unchecked

    registry = Registry.discover(plugin or ())
    with unchecked():
        for path in runs:
            typer.echo(report_run(Trained.restored(stored_run(path, registry))))
