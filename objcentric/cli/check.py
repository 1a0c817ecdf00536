"""`objcentric check`."""

from typing import TYPE_CHECKING, Annotated

import typer

from objcentric.cli.arguments import PluginFiles, Quiet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from objcentric.registry import ComponentEntry, Registry
    from objcentric.testing import CheckResult


def check(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A component, or a plugin: all its components.")
    ],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[OPTION=VALUE]...", help="The component's options, as in a recipe."
        ),
    ] = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Check that components keep the contract of their interface. Exit code 1 if one does not."""
    from objcentric.cli.imports import import_torch

    import_torch(quiet=quiet)
    from rich.progress import track

    from objcentric.registry import Registry
    from objcentric.testing.stated_options import stated_options

    registry = Registry.discover(plugin or ())
    entries = _targets(target, registry)
    given = stated_options(options or ())
    results = []
    silent = quiet or len(entries) == 1
    for entry in track(entries, "Checking", transient=True, disable=silent):
        results += _results(entry, given, registry, alone=len(entries) == 1)
    _print(results)
    if any(result.status == "failed" for result in results):
        raise typer.Exit(1)


def _targets(target: str, registry: "Registry") -> "list[ComponentEntry]":
    """All components of the plugin `target`, or the one component of that name.

    Raises:
        ObjcentricError: no plugin and no component has that name, or the plugin is broken or empty.
    """
    from objcentric.component import Component
    from objcentric.errors import ObjcentricError
    from objcentric.registry import PluginError

    statuses = {status.plugin: status for status in registry.plugins}
    if target not in statuses:
        try:
            return [registry.find(Component, target)]
        except PluginError as error:
            raise ObjcentricError(f"{error}; plugins: {', '.join(statuses)}") from error
    status = statuses[target]
    if not status.healthy:
        raise ObjcentricError("\n".join(status.errors))
    if not status.components:
        raise ObjcentricError(f"plugin {target!r} brings no components")
    return [entry for entry in registry.components() if entry.canonical in status.components]


def _results(
    entry: "ComponentEntry", options: "Mapping[str, object]", registry: "Registry", alone: bool
) -> "list[CheckResult]":
    """The results of a component. One of several is skipped if it needs options that are missing.

    Raises:
        OptionError: the options are wrong or incomplete, and the component is the only one.
    """
    from objcentric.testing import CheckResult, OptionError, check_component

    try:
        return check_component(
            entry.load(), options=options, registry=registry, label=entry.canonical
        )
    except OptionError as error:
        if alone:
            raise
        return [CheckResult("construction", "skipped", str(error), entry.canonical)]


def _print(results: "list[CheckResult]") -> None:
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    colors = {"passed": "green", "failed": "red", "skipped": "yellow", "expected": "yellow"}
    table = Table("component", "check", "result", "message")
    before = ""
    for result in results:
        name = "" if result.component == before else result.component
        before = result.component
        status = f"[{colors[result.status]}]{result.status}[/]"
        table.add_row(name, result.name, status, result.message.replace("[", r"\["))
    console = Console()
    console.print(table)
    counted = Counter(result.status for result in results)
    console.print(", ".join(f"{n} {status}" for status, n in counted.items()), highlight=False)
