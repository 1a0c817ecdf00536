"""Processes side by side, none of which outlives the pool."""

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
        jobs: at most so many at once.
        environment: variables for the process of a task in a slot, beside those of this process.
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
        """What runs now."""
        return [task for task, _ in self._running.values()]

    @property
    def has_room(self) -> bool:
        return len(self._running) < self.jobs

    def start(self, task: Task, command: Sequence[str], log: Path) -> None:
        """Starts a process in a free slot.

        Args:
            task: what `wait` will call it.
            command: program and arguments.
            log: grows by what it prints.
        """
        slot = next(slot for slot in range(self.jobs) if slot not in self._running)
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment(task, slot)},
                process_group=0,  # Ctrl-C reaches this process alone, which passes it on once
            )
        self._running[slot] = (task, process)

    def wait(self, seconds: float) -> list[tuple[Task, int]]:
        """What has ended, with exit codes; waits a while for something that does.

        Args:
            seconds: at most.
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
        """Sends every process SIGTERM, once: a training then stops with a checkpoint."""
        if not self._stopping:
            self._stopping = True
            for _, process in self._running.values():
                process.terminate()
