"""A few processes at a time, none of which outlives the pool (`ProcessPool`)."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

Task = TypeVar("Task")


class ProcessPool(Generic[Task]):
    """Runs a few commands at a time.

    Args:
        jobs: the largest number of processes at a time.
        environment: extra environment variables for a task in a slot.
    """

    def __init__(self, jobs: int, environment: Callable[[Task, int], Mapping[str, str]]) -> None:
        self.jobs = jobs
        self.environment = environment
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
        """The tasks that are running now."""
        return [task for task, _ in self._running.values()]

    @property
    def has_room(self) -> bool:
        return len(self._running) < self.jobs

    def start(self, task: Task, command: Sequence[str], log: Path) -> None:
        """Starts a process in a free slot.

        Args:
            task: what `wait` returns for this process.
            command: program and arguments.
            log: file to which the process's output is appended.
        """
        slot = next(slot for slot in range(self.jobs) if slot not in self._running)
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
        """Waits a while for a task to end; returns those that have ended, with exit codes.

        Args:
            seconds: the longest wait.
        """
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
        """Sends SIGTERM to every process, once; a run then stops with a checkpoint."""
        if not self._stopping:
            self._stopping = True
            for _, process in self._running.values():
                process.terminate()
