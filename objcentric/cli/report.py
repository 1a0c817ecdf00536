"""`objcentric report`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from objcentric.cli.arguments import PluginFiles

if TYPE_CHECKING:
    from objcentric.registry import Registry


def report(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run folders, or the folder of one comparison."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="The file of a report of several runs; by default ./report.html."),
    ] = None,
    plugin: PluginFiles = None,
) -> None:
    """Write a page about a run, about several runs, or about a comparison.

    The page is one file that needs no other. One run and a comparison get a report.html in their
    folder.
    """
    from objcentric.cli.imports import import_torch

    import_torch("objcentric.training.train")
    from objcentric.errors import ObjcentricError
    from objcentric.registry import Registry
    from objcentric.training.guards import unchecked

    registry = Registry.discover(plugin or ())
    if out is not None and len(runs) == 1:
        raise ObjcentricError("--out is for several runs: one run has its report in its folder")
    with unchecked():  # as in training: a value that is not finite is shown, not an error
        if len(runs) > 1:
            file = _several(runs, out or Path("report.html"), registry)
        else:
            file = _one(runs[0], registry)
    typer.echo(file)


def _one(folder: Path, registry: "Registry") -> Path:
    """The report of a run or of a comparison, in its folder.

    Raises:
        DamagedFile: it is a comparison whose plan and results are lost.
    """
    from objcentric.comparison.comparison_folder import ComparisonFolder
    from objcentric.comparison.comparison_report import report_comparison
    from objcentric.errors import DamagedFile
    from objcentric.report.run_report import report_run
    from objcentric.report.trained import Trained
    from objcentric.runs.run_folders import stored_run

    comparison = ComparisonFolder(folder)
    if os.path.lexists(comparison.json_file):
        return report_comparison(folder, registry)
    if comparison.has_arms():
        raise DamagedFile(
            f"{comparison.json_file} is missing: the same `objcentric compare` command makes it "
            "again from the runs, which stay as they are"
        )
    trained = Trained.restored(stored_run(folder, registry))
    if trained.missing:
        typer.secho(
            f"The model cannot be shown: {trained.missing}", fg=typer.colors.YELLOW, err=True
        )
    return report_run(trained)


def _several(folders: list[Path], file: Path, registry: "Registry") -> Path:
    """The report of several runs.

    Raises:
        ObjcentricError: the file exists and is no report, or its folder does not exist.
    """
    from objcentric.errors import ObjcentricError
    from objcentric.report.groups import grouped
    from objcentric.report.page import is_report
    from objcentric.report.runs_report import report_runs
    from objcentric.runs.run_folders import stored_run

    if not file.parent.is_dir():
        raise ObjcentricError(f"--out {file}: there is no folder {file.parent}")
    if file.exists() and not is_report(file):
        raise ObjcentricError(f"{file} exists and is no report; choose another file with --out")
    groups = grouped([stored_run(folder, registry) for folder in folders])
    title = " and ".join(group.name for group in groups)
    return report_runs(groups, file, title=title if len(groups) < 4 else f"{len(groups)} groups")
