"""`objcentric components`"""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from objcentric.cli.arguments import PluginFiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from objcentric.recipe.description import Description


def components(
    interface: Annotated[
        str,
        typer.Argument(metavar="[INTERFACE]", help="List only this kind, for example scheduler."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plugin: PluginFiles = None,
) -> None:
    """List the components by kind: what each is, its options, what it needs and offers."""
    from objcentric.cli.imports import import_torch

    import_torch()
    from objcentric.errors import ObjcentricError
    from objcentric.names import did_you_mean
    from objcentric.recipe.description import describe_components
    from objcentric.registry import Registry

    found = describe_components(Registry.discover(plugin or ()))
    kinds = sorted({description.interface for description in found})
    if interface:
        wanted = interface.lower().replace("_", "").replace("-", "")
        named = [kind for kind in kinds if kind.replace("_", "") == wanted]
        if not named:
            raise ObjcentricError(
                f"there is no interface {interface!r}{did_you_mean(interface, kinds)}; "
                f"there are: {', '.join(kinds)}"
            )
        kinds = named
    shown = [description for description in found if description.interface in kinds]
    if as_json:
        typer.echo(json.dumps([description.plain() for description in shown], indent=2))
        return
    for kind in kinds:
        _print(kind, [d for d in shown if d.interface == kind], in_full=bool(interface))


def _print(kind: str, descriptions: "Sequence[Description]", in_full: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(kind, style="bold"))
    for description in descriptions:
        line = Text(f"  {description.name}  ", style="cyan") + Text(description.summary)
        console.print(line, soft_wrap=not console.is_terminal)
        if in_full:
            for detail in _details(description):
                console.print(Text(f"      {detail}"), soft_wrap=True)
    console.print()


def _details(description: "Description") -> list[str]:
    lines = [f"{o.name}: {o.type}{_default(o.default)}" for o in description.options]
    sets: dict[str, Any] = {"needs": description.needs, "offers": description.offers}
    lines += [f"{name}: {', '.join(values)}" for name, values in sets.items() if values]
    if description.papers:
        lines.append(f"paper: {', '.join(description.papers)}")
    return lines


def _default(default: str | None) -> str:
    return "" if default is None else f" = {default}"
