"""`objcentric pack`."""

from pathlib import Path
from typing import Annotated

import typer

from objcentric.cli.arguments import PluginFiles, Quiet, RunFolder


def pack(
    run: RunFolder,
    out: Annotated[
        Path | None, typer.Option(help="The new folder; by default RUN's name with -pack.")
    ] = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Write the smallest folder that holds a trained model, to share it.

    It has the recipe, the weights (safetensors), the summary and a model card, README.md.
    """
    from objcentric.cli.imports import import_torch

    import_torch("objcentric.runs.run_folders", quiet=quiet)
    from objcentric.registry import Registry
    from objcentric.runs.pack import write_pack
    from objcentric.runs.run_folders import stored_run

    stored = stored_run(run, Registry.discover(plugin or ()))
    typer.echo(write_pack(stored, out or Path(f"{run.resolve().name}-pack")))
