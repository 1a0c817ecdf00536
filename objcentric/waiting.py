"""Long waits say what they are for, on standard error (`waiting`, `advanced`).

    with waiting("Reading photographs"):
        for number, path in enumerate(paths, 1):
            read(path)
            advanced(number, len(paths))

In a terminal a line with a bar appears, and goes away at the end. Elsewhere, plain lines are
printed.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

AFTER = 2.0
"""Seconds after which a wait says what it is for. Shorter ones say nothing."""

AGAIN = 10.0
"""Seconds between two plain lines of one wait."""

Report = Callable[[int, int], None]

_report: ContextVar[Report | None] = ContextVar("report", default=None)


def advanced(done: int, total: int) -> None:
    """Says how far the surrounding wait is; does nothing outside of one.

    Args:
        done: steps done.
        total: steps to do.
    """
    report = _report.get()
    if report is not None:
        report(done, total)


@contextmanager
def reporting_to(report: Report) -> Iterator[None]:
    """Sends what `advanced` is told during the block to a display of one's own."""
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)


@contextmanager
def waiting(what: str, *, quiet: bool = False, stream: Any = None) -> Iterator[None]:
    """Says what the block does, if it takes longer than `AFTER`.

    Args:
        what: what is done, for example `Making scenes`.
        quiet: whether to say nothing.
        stream: text stream to say it on; by default standard error.
    """
    if quiet:
        yield
        return
    out = stream or sys.stderr
    wait: _Wait = _BarWait(what, out) if out.isatty() else _LineWait(what, out)
    with reporting_to(wait.advanced):
        wait.begin()
        try:
            yield
        finally:
            wait.end()


class _Wait:
    """A wait that shows itself after a while, from a thread of its own."""

    def __init__(self, what: str, stream: Any) -> None:
        self.what = what
        self.stream = stream
        self.done, self.total = 0, 0
        self.ended = False
        self.lock = threading.RLock()
        self.timer = threading.Timer(AFTER, self._due)
        self.timer.daemon = True

    def begin(self) -> None:
        self.timer.start()

    def advanced(self, done: int, total: int) -> None:
        with self.lock:
            self.done, self.total = done, total
            self.update()

    def end(self) -> None:
        self.timer.cancel()
        with self.lock:
            self.ended = True
            self.hide()

    def _due(self) -> None:
        with self.lock:
            if not self.ended:
                self.show()

    def show(self) -> None:
        """Begins to show the wait."""

    def update(self) -> None:
        """Shows how far the wait is, if it is shown."""

    def hide(self) -> None:
        """Ends showing the wait."""


class _LineWait(_Wait):
    """A wait in plain lines."""

    last: float | None = None

    def show(self) -> None:
        self._print()

    def update(self) -> None:
        if self.last is not None and monotonic() - self.last > AGAIN:
            self._print()

    def _print(self) -> None:
        far = f" {self.done:,} of {self.total:,}" if self.total else ""
        print(f"{self.what} …{far}", file=self.stream, flush=True)
        self.last = monotonic()


class _BarWait(_Wait):
    """A wait in a terminal: what it is for, a bar, and the time that is left."""

    def __init__(self, what: str, stream: Any) -> None:
        super().__init__(what, stream)
        # Here and not in `show`: two threads that import at the same time wait for each other.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[far]}"),
            TimeRemainingColumn(),
            console=Console(file=stream),
            transient=True,
        )
        self._task: Any = None

    def show(self) -> None:
        self._task = self._bar.add_task(self.what, total=None, far="")
        self.update()
        self._bar.start()

    def update(self) -> None:
        if self._task is not None:
            far = f"{self.done:,}/{self.total:,}" if self.total else ""
            self._bar.update(self._task, completed=self.done, total=self.total or None, far=far)

    def hide(self) -> None:
        if self._task is not None:
            self._bar.stop()
