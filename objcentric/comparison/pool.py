"""The base class of pools, which run a few commands at a time (`Pool`)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

Task = TypeVar("Task")

Environment = Callable[[Task, int], Mapping[str, str]]
"""Extra environment variables for a task in a slot, a number below the largest number of tasks."""

LOST = 256
"""The exit code, which no process has, of a command whose machine or worker is gone."""


class Pool(ABC, Generic[Task]):
    """Runs a few commands at a time, none of which outlives the pool.

    Args:
        jobs: the largest number of commands at a time.
        environment: extra environment variables for a task in a slot.
    """

    def __init__(self, jobs: int, environment: "Environment[Task]") -> None:
        self.jobs = jobs
        self.environment = environment

    @abstractmethod
    def __enter__(self) -> "Pool[Task]": ...

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends all commands at once."""

    @property
    @abstractmethod
    def running(self) -> list[Task]:
        """The tasks that have been started and have not ended."""

    @property
    def has_room(self) -> bool:
        return len(self.running) < self.jobs

    @abstractmethod
    def start(self, task: Task, command: Sequence[str], log: Path) -> None:
        """Starts a command in a free slot.

        Args:
            task: what `wait` returns for this command.
            command: program and arguments.
            log: file to which its output is appended.
        """

    @abstractmethod
    def wait(self, seconds: float) -> list[tuple[Task, int]]:
        """Waits a while for a task to end; returns those that have ended, with exit codes.

        Args:
            seconds: the longest wait.
        """

    @abstractmethod
    def ask_to_stop(self) -> None:
        """Sends SIGTERM to every command, once; a run then stops with a checkpoint."""


def free_slot(taken: Mapping[int, object], jobs: int) -> int:
    """The lowest number below `jobs` that is not taken.

    Raises:
        StopIteration: all are taken.
    """
    return next(slot for slot in range(jobs) if slot not in taken)
