"""`objcentric validate`"""

import typer

from objcentric.cli.arguments import Overrides, PluginFiles, RecipeName


def validate(recipe: RecipeName, overrides: Overrides = None, plugin: PluginFiles = None) -> None:
    """Check a recipe: that its model can be built, that there are its device and enough memory."""
    from objcentric.cli.imports import import_torch

    import_torch()
    from objcentric.recipe import load
    from objcentric.registry import Registry
    from objcentric.training.making import check_sizes

    loaded = load(recipe, overrides or (), Registry.discover(plugin or ()))
    source = loaded.build_source()
    check_sizes(loaded, source)
    loaded.build_model(source.image_shape)
    typer.echo(f"{loaded.name}: ok")
