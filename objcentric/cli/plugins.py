"""`objcentric plugins`"""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from objcentric.cli.arguments import PluginFiles
from objcentric.registry import PluginStatus, Registry


def plugins(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plugin: PluginFiles = None,
) -> None:
    """List the plugins: where each comes from, what it brings and whether it works."""
    statuses = Registry.discover(plugin or ()).plugins
    if as_json:
        rows = [{**asdict(status), "healthy": status.healthy} for status in statuses]
        typer.echo(json.dumps(rows, indent=2))
        return
    for status in statuses:
        _print(status)


def _print(status: PluginStatus) -> None:
    health = (
        typer.style("healthy", fg=typer.colors.GREEN)
        if status.healthy
        else typer.style("broken", fg=typer.colors.RED)
    )
    origin = f"{status.distribution} {status.version}".rstrip()
    typer.echo(f"{typer.style(status.plugin, bold=True)}  {origin}  {health}")
    for error in status.errors:
        typer.echo(f"  {error}")
    for component in status.components:
        typer.echo(f"  {component}")
