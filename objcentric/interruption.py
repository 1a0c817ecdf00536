"""Ctrl-C that lets the current batch finish (`Interruption`)."""

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any

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
