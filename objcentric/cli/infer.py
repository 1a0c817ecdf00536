"""`objcentric infer`."""

import sys
from enum import Enum
from typing import Annotated

import typer

from objcentric.cli.arguments import Device, PluginFiles, Quiet, RunFolder


class FormatName(Enum):
    """A form of the records, as the command line names it."""

    CSV = "csv"
    JSONL = "jsonl"


class FitName(Enum):
    """What becomes of another aspect ratio, as the command line names it."""

    PAD = "pad"
    CROP = "crop"
    STRETCH = "stretch"


def infer(
    run: RunFolder,
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGES...",
            help="PNG and JPEG files, folders of them, .npy arrays; - for one from standard input.",
        ),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            help="The folder for records and pictures, by default found, found-2, …; "
            "- writes the records to standard output, and no pictures."
        ),
    ] = None,
    form: Annotated[
        FormatName, typer.Option("--format", help="Form of the records.")
    ] = FormatName.CSV,
    fit: Annotated[
        FitName | None,
        typer.Option(help="For another aspect ratio; by default as in training, or pad."),
    ] = None,
    invert: Annotated[
        bool | None,
        typer.Option(
            "--invert/--no-invert", help="Exchange dark and bright; by default as in training."
        ),
    ] = None,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Draw windows and masks.")
    ] = True,
    device: Device = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Find objects in images with a trained run or a pack.

    Images are resized to what the model was trained on. Boxes are in pixels of each image. Exit
    code 1 if an image cannot be read; the others are done.
    """
    from objcentric.cli.imports import import_torch

    import_torch("objcentric.inference", quiet=quiet)
    from objcentric.inference.infer_images import Task, infer_images
    from objcentric.inference.load import load

    loaded = load(run, plugins=plugin or (), device=device, quiet=quiet)
    task = Task(
        sources=tuple(images),
        out=out,
        form=form.value,
        fit=None if fit is None else fit.value,
        invert=invert,
        pictures=pictures,
        quiet=quiet,
    )
    try:
        unread = infer_images(loaded, task, sys.stdin.buffer.read, _say)
    except KeyboardInterrupt:
        _say("Interrupted; what was found so far is written")
        raise typer.Exit(130) from None
    if unread:
        raise typer.Exit(1)


def _say(line: str) -> None:
    typer.echo(line, err=True)
