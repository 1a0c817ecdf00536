"""`objcentric ls`"""

from typing import Annotated

import typer

from objcentric.recipe.problem import RecipeError
from objcentric.recipe.summary import description_of
from objcentric.registry import Registry


def ls(
    pattern: Annotated[
        str,
        typer.Argument(metavar="[FILTER]", help="Text that a name or description must contain."),
    ] = "",
) -> None:
    """List the recipes."""
    found = {}
    for name, path in sorted(Registry.discover().recipes().items()):
        try:
            found[name] = description_of(path)
        except RecipeError as error:
            found[name] = f"unreadable: {error}"
    matching = {n: d for n, d in found.items() if pattern.lower() in f"{n} {d}".lower()}
    if not matching:
        typer.echo(f"no recipe matches {pattern!r}", err=True)
    width = max(map(len, matching), default=0)
    for name, description in matching.items():
        typer.echo(f"{typer.style(name.ljust(width), bold=True)}  {description}".rstrip())
