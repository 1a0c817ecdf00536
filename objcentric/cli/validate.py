"""`objcentric validate`"""

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, RecipeName


def validate(recipe: RecipeName, overrides: Overrides = None, plugin: PluginFiles = None) -> None:
    """Check a recipe, including that its model can be built, and print every mistake."""
    from objcentric.cli.imports import import_torch

    import_torch()
    from objcentric.recipe import load
    from objcentric.registry import Registry

    loaded = load(recipe, overrides or (), Registry.discover(plugin or ()))
    loaded.build_model(loaded.build_source().image_shape)
    typer.echo(f"{loaded.name}: ok")
