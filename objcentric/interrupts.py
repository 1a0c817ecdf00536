"""What Ctrl-C and SIGTERM do (`as_ctrl_c`, `interrupts_end_at_once`)."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""Exit code after Ctrl-C and SIGTERM."""


def as_ctrl_c(number: int, frame: FrameType | None) -> None:
    """A handler of signals that does what Python does at Ctrl-C."""
    raise KeyboardInterrupt


@contextmanager
def interrupts_end_at_once() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the process without an exception, for as long as packages are imported
    and nothing has begun that could be lost.

    An exception inside the import of numpy is swallowed by torch, which goes on with half a numpy.
    The first use of that ends in `RecursionError`, far from the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are none of its business
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    ours = {number: handler for number, handler in before.items() if callable(handler)}
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), b"\x1b[?25h\n")  # a bar has hidden the cursor
    os._exit(INTERRUPTED)
