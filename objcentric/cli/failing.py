"""Errors on the command line: one line, and the traceback behind `--verbose`."""

import time
import traceback
from contextvars import ContextVar

import typer

from objcentric.launched import launched
from objcentric.registry.blame import blamed

VERBOSE = ContextVar("verbose", default=False)
"""Whether the user gave `--verbose`."""

SAME_MISTAKE = 5.0
"""Seconds that a rank gives rank 0 to report an error that all ranks have."""

LAST_WORDS = 60.0
"""Seconds that a rank gives rank 0 to end after an error that only rank 0 has."""


def print_error(said: str, error: BaseException) -> None:
    """Prints a message in red; with `--verbose`, the traceback of the error first.

    Of several ranks, those other than rank 0 first let it say the same, and name themselves.
    """
    launch = launched()
    if launch is not None and launch.rank > 0:
        let_first_rank_end(SAME_MISTAKE)
        said = f"rank {launch.rank}: {said}"
    if VERBOSE.get():
        traceback.print_exception(error)
    typer.secho(said, fg=typer.colors.RED, err=True)


def let_first_rank_end(seconds: float) -> None:
    """Waits before another rank ends: when one has failed, `torchrun` ends all others at once.

    It would end rank 0 before that has said what is wrong. As soon as rank 0 has ended, `torchrun`
    ends this process, which is the usual end of the wait.
    """
    time.sleep(seconds)


def print_failure(error: BaseException) -> None:
    """Prints in which component an error arose."""
    more = "" if VERBOSE.get() else "\n`objcentric --verbose …` shows the traceback."
    print_error(f"Failed: {blamed(error)}{more}", error)
