"""The commands, on one page (`command_page`)."""

from typing import Any

import typer
from docstring import cell
from typer.main import get_command

INTRO = (
    "# Commands\n\nAll commands of `objcentric`, with what each takes. [Running](../running.md) "
    "shows how they go together, and lists the exit codes."
)


def commands(app: typer.Typer) -> dict[str, Any]:
    """The commands of an application by name, those of plugins included."""
    group = get_command(app)
    return {name: c for name, c in getattr(group, "commands", {}).items() if not c.hidden}


def command_page(app: typer.Typer) -> str:
    """The page of all commands."""
    return "\n\n".join([INTRO, *(_section(name, c) for name, c in commands(app).items())]) + "\n"


def _section(name: str, command: Any) -> str:
    shown = [p for p in command.params if not getattr(p, "hidden", False) and p.name != "help"]
    arguments = [p for p in shown if not p.opts[0].startswith("-")]
    usage = " ".join(["objcentric", name, *(_metavar(p) for p in arguments), "[OPTIONS]"])
    rows = [f"| {_written(p)} | {cell(p.help or '')}{_default(p)} |" for p in shown]
    table = ["\n".join(["| | |", "|---|---|", *rows])] if rows else []
    return "\n\n".join(
        [f"## {name}", command.help or "", f"```console\n{usage}\n```", *table],
    )


def _metavar(parameter: Any) -> str:
    return parameter.metavar or parameter.name.upper()


def _written(parameter: Any) -> str:
    if not parameter.opts[0].startswith("-"):
        return f"`{cell(_metavar(parameter))}`"
    value = "" if parameter.is_flag else f" {_metavar(parameter)}"
    return ", ".join(f"`{option}{cell(value)}`" for option in parameter.opts)


def _default(parameter: Any) -> str:
    # An empty or false default says nothing, and one that is computed cannot be written.
    default = parameter.default
    plain = isinstance(default, str | int | float) and not isinstance(default, bool)
    return f" Default: `{default}`." if plain and default != "" else ""
