"""`objcentric play`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from objcentric.cli.arguments import Device, PluginFiles, Quiet

if TYPE_CHECKING:
    from gradio import Blocks


def play(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="A run folder, or a pack; without, a lesson."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port; by default the first free one from 7860."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    device: Device = None,
    quiet: Quiet = False,
    plugin: PluginFiles = None,
) -> None:
    """Play with a trained model in the browser, or learn what attention windows do.

    Draw or drop a scene, see the model attend, infer and repeat, and change what it found. Without
    a run, drag a window and see what it reads and writes. The page is on this machine alone.
    """
    from objcentric.cli.imports import import_torch
    from objcentric.play.missing import need_gradio
    from objcentric.waiting import waiting

    need_gradio()
    os.environ.setdefault("OBJCENTRIC_OFFLINE", "1")  # a page fetches nothing, scenes included
    import_torch("objcentric.inference", quiet=quiet)
    with waiting("Importing Gradio", quiet=quiet):
        import gradio  # noqa: F401

        from objcentric.play.serve import serve
    page = _lesson(quiet) if run is None else _run(run, device, quiet, plugin)
    try:
        serve(page, port=port, browser=browser, say=lambda line: typer.echo(line))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _lesson(quiet: bool) -> "Blocks":
    from objcentric.play.lesson_page import lesson_page
    from objcentric.waiting import waiting

    with waiting("Making scenes for the lesson", quiet=quiet):
        return lesson_page()


def _run(run: Path, device: str | None, quiet: bool, plugin: list[Path] | None) -> "Blocks":
    from objcentric.inference.load import load
    from objcentric.play.run_page import run_page

    return run_page(load(run, plugins=plugin or (), device=device, quiet=quiet))
