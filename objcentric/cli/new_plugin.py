"""`objcentric new-plugin`."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def new_plugin(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The project's name, such as objcentric-mine.")
    ],
    interface: Annotated[
        list[str] | None,
        typer.Option(metavar="INTERFACE", help="Begin with a component of it. Repeatable."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The project's folder; by default ./NAME.")
    ] = None,
) -> None:
    """Start a project of your own components, with tests that pass."""
    from objcentric.plugin_project.plugin_project import PluginProject
    from objcentric.plugin_project.project_names import ProjectNames
    from objcentric.registry import Registry

    names = ProjectNames.of(name, Registry.discover().names)
    project = PluginProject.of(names, interface or _asked())
    folder = out or Path(names.distribution)
    for file in project.write(folder):
        typer.echo(file)
    typer.echo(
        f"\nNext:\n    pip install --editable {folder}\n    objcentric check {names.plugin}\n"
        f"    objcentric train {project.recipe_name(project.samples[0])}"
    )


def _asked() -> list[str]:
    """The interfaces that the user types; none if nobody sits at a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return []
    from objcentric.plugin_project.samples import SAMPLES

    typer.echo(f"Interfaces: {', '.join(SAMPLES)}")
    answer: str = typer.prompt("Components of which, separated by commas", default="compositor")
    return [part.strip() for part in answer.split(",") if part.strip()]
