"""`objcentric sample`."""

from pathlib import Path
from typing import Annotated

import typer

from objcentric.cli.arguments import Device, PluginFiles, Quiet, RunFolder


def sample(
    run: RunFolder,
    number: Annotated[
        int, typer.Option("--number", "-n", min=1, max=10_000, help="How many scenes.")
    ] = 16,
    objects: Annotated[
        int | None,
        typer.Option(min=0, help="Objects per scene; by default the prior decides."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the samples.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="The PNG; by default RUN's name with -samples.png.")
    ] = None,
    device: Device = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Draw scenes from the prior of a trained run or a pack, as a picture."""
    from objcentric.cli.imports import import_torch

    import_torch("objcentric.inference", quiet=quiet)
    from objcentric.errors import ObjcentricError
    from objcentric.inference.load import load
    from objcentric.waiting import waiting

    loaded = load(run, plugins=plugin or (), device=device, quiet=quiet)
    with waiting("Sampling", quiet=quiet):
        canvas = loaded.model.sample(number, objects=objects, seed=seed)
    if objects is None and number > 1 and bool((canvas == canvas[:1]).all()) and not quiet:
        typer.echo(
            "All scenes are the same: under the prior at the end of training objects are rare; "
            "--objects 2 draws scenes with two",
            err=True,
        )
    path = out or Path(f"{run.resolve().name}-samples.png")
    with waiting("Drawing", quiet=quiet):
        from objcentric.pictures.found_objects import canvases

        title = f"{loaded.recipe.name}: scenes from the prior, seed {seed}"
        try:
            typer.echo(canvases((canvas * 255).round().byte(), title).save(path))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ObjcentricError(f"cannot write {path}: {reason}") from error
