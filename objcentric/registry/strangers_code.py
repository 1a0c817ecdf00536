"""Runs code of a plugin that may do anything while it is imported (`strangers_code`)."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

PATIENCE = 10.0
"""Seconds after which a plugin that is still being imported is named."""


@contextmanager
def strangers_code(name: str, origin: str) -> Iterator[None]:
    """What the block prints goes to standard error; if it takes long, its plugin is named there.

    Standard output belongs to the results of a command, which may be JSON.

    Args:
        name: name of the plugin.
        origin: its distribution and version, or its file.
    """

    def announce() -> None:
        print(
            f"plugin {name!r} ({origin}) has been importing for {PATIENCE:g} s; Ctrl-C stops it",
            file=sys.stderr,
            flush=True,
        )

    timer = threading.Timer(PATIENCE, announce)
    timer.daemon = True
    timer.start()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        timer.cancel()
