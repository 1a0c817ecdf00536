"""A few processes at a time, none of which outlives the pool (`ProcessPool`)."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from objcentric.comparison.pool import Environment, Pool, Task, free_slot


class ProcessPool(Pool[Task]):
    """Runs a few commands at a time, each in a process on this machine.

    Args:
        jobs: the largest number of processes at a time.
        environment: extra environment variables for a task in a slot.
    """

    def __init__(self, jobs: int, environment: Environment[Task]) -> None:
        super().__init__(jobs, environment)
        self._running: dict[int, tuple[Task, subprocess.Popen[bytes]]] = {}
        self._stopping = False

    def __enter__(self) -> "ProcessPool[Task]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for _, process in self._running.values():
            process.kill()
        for _, process in self._running.values():
            process.wait()

    @property
    def running(self) -> list[Task]:
        return [task for task, _ in self._running.values()]

    def start(self, task: Task, command: Sequence[str], log: Path) -> None:
        slot = free_slot(self._running, self.jobs)
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment(task, slot)},
                process_group=0,  # Ctrl-C reaches only this process, which passes it on once
            )
        self._running[slot] = (task, process)

    def wait(self, seconds: float) -> list[tuple[Task, int]]:
        if self._running:
            _, first = next(iter(self._running.values()))
            with suppress(subprocess.TimeoutExpired):
                first.wait(seconds)
        ended = []
        for slot, (task, process) in list(self._running.items()):
            code = process.poll()
            if code is not None:
                del self._running[slot]
                ended.append((task, code))
        return ended

    def ask_to_stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            for _, process in self._running.values():
                process.terminate()
