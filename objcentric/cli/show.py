"""`objcentric show`"""

import sys

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, RecipeName


def show(recipe: RecipeName, overrides: Overrides = None, plugin: PluginFiles = None) -> None:
    """Print a recipe in full, with canonical names and the value of every option."""
    from objcentric.cli.imports import import_torch

    import_torch()
    from objcentric.recipe import load
    from objcentric.registry import Registry

    text = load(recipe, overrides or (), Registry.discover(plugin or ())).to_yaml()
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.syntax import Syntax

        Console().print(Syntax(text, "yaml", background_color="default"))
    else:
        typer.echo(text, nl=False)
