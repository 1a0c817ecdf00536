"""Errors on the command line: one line, and the traceback behind `--verbose`."""

import traceback
from contextvars import ContextVar

import typer

from objcentric.registry.blame import blamed

VERBOSE = ContextVar("verbose", default=False)
"""Whether the user gave `--verbose`."""


def print_error(said: str, error: BaseException) -> None:
    """Prints a message in red; with `--verbose`, the traceback of the error first."""
    if VERBOSE.get():
        traceback.print_exception(error)
    typer.secho(said, fg=typer.colors.RED, err=True)


def print_failure(error: BaseException) -> None:
    """Prints in which component an error arose."""
    more = "" if VERBOSE.get() else "\n`objcentric --verbose …` shows the traceback."
    print_error(f"Failed: {blamed(error)}{more}", error)
