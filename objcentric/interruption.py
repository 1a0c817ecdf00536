"""What Ctrl-C and SIGTERM do: while training (`Interruption`), and while packages are imported
(`interrupts_end_at_once`)."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

INTERRUPTED = 130
"""Exit code after Ctrl-C and SIGTERM."""

_NOTICE = b"\nStopping after this batch with a checkpoint; press Ctrl-C again to stop at once.\n"


class Interruption:
    """Whether the user has asked to stop, by Ctrl-C or SIGTERM, while the block runs.

    The first request only sets `requested`. The second raises `KeyboardInterrupt` at once.

    Args:
        patient: whether further requests change nothing, and nothing is printed. Several processes
            that train together stop together, and Slurm sends each a request of its own beside
            that of `torchrun`.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self, *, patient: bool = False) -> None:
        self.patient = patient
        self.requested = False
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is not threading.main_thread():
            return self  # signals reach only the main thread, and only it may ask for them
        self._former = {number: signal.signal(number, self._request) for number in self.SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.patient:
            self.requested = True
            return
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        # Printing is not safe in a signal handler; os.write is.
        os.write(2, _NOTICE)


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
