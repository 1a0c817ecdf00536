"""A few commands at a time on a Ray cluster (`RayPool`), and the cluster itself (`RayCluster`)."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from objcentric.comparison.machine import Machine
from objcentric.comparison.pool import LOST, Environment, Pool, Task, free_slot
from objcentric.errors import ObjcentricError
from objcentric.extras import needing
from objcentric.interruption import INTERRUPTED
from objcentric.recipe.options import TrainingOptions

with needing("ray", "ray", "`--on ray`", extra="ray"):
    import ray
    from ray.exceptions import RayError, RayTaskError

LAST_MOMENTS = 5.0
"""Seconds that workers have to kill their commands, before they are killed themselves."""


@dataclass(frozen=True)
class RayCluster:
    """A Ray cluster that this process has joined.

    Attributes:
        cpus: CPUs of all its machines.
        gpus: GPUs of all its machines.
    """

    cpus: int
    gpus: int

    @classmethod
    def joined(cls) -> "RayCluster":
        """The cluster of `RAY_ADDRESS`, or one on this machine: running, or new for this process.

        Raises:
            ObjcentricError: there is no cluster at the address.
        """
        if not ray.is_initialized():
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # that is up to the user
            quiet = {"log_to_driver": False, "logging_level": "ERROR"}
            try:
                ray.init(include_dashboard=False, **quiet)
            except ConnectionError as error:
                said = str(error).splitlines()[0]
                raise ObjcentricError(
                    f"no Ray cluster can be joined: {said}; RAY_ADDRESS=local starts one here"
                ) from error
        has = ray.cluster_resources()
        return cls(max(1, int(has.get("CPU", 1))), int(has.get("GPU", 0)))

    def gpus_per_run(self, options: TrainingOptions) -> int:
        """1 if runs with these options train on GPUs of this cluster, and 0 if not."""
        return int(self.gpus > 0 and options.device != "cpu")

    def machine(self, options: TrainingOptions, jobs: int | None, runs: int) -> Machine:
        """The cluster, shared among the runs of a comparison.

        Args:
            options: the recipe's training options; their device decides what is shared.
            jobs: runs at a time; None for as many as there are GPUs, or CPUs for their threads.
            runs: how many runs there are in total.
        """
        said = os.environ.get("OMP_NUM_THREADS", "")
        threads = max(1, int(said)) if said.isdecimal() else 1
        share = self.gpus if self.gpus_per_run(options) else max(1, self.cpus // threads)
        return Machine(self.cpus, max(1, min(jobs or share, runs)), threads_set=threads)


class RayPool(Pool[Task]):
    """Runs a few commands at a time, each by a worker of a Ray cluster that was joined.

    A worker runs the command in the folder of this process. So all machines of the cluster see the
    same folders, and have the same Python at the same place.

    Args:
        jobs: the largest number of commands at a time; Ray queues those that it has no room for.
        environment: extra environment variables for a task in a slot.
        cpus: CPUs that each command takes.
        gpus: GPUs that each command takes.
    """

    def __init__(
        self, jobs: int, environment: Environment[Task], *, cpus: int = 1, gpus: int = 0
    ) -> None:
        super().__init__(jobs, environment)
        self._worker = ray.remote(_Worker).options(
            num_cpus=cpus,
            num_gpus=gpus,
            max_concurrency=2,  # `stop` is called while `run` waits
        )
        self._running: dict[int, tuple[Task, Any, Any]] = {}
        self._stopping = False

    def __enter__(self) -> "RayPool[Task]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        ends = [worker.kill.remote() for _, worker, _ in self._running.values()]
        if ends:
            ray.wait(ends, num_returns=len(ends), timeout=LAST_MOMENTS)
        for _, worker, _ in self._running.values():
            ray.kill(worker)

    @property
    def running(self) -> list[Task]:
        return [task for task, _, _ in self._running.values()]

    def start(self, task: Task, command: Sequence[str], log: Path) -> None:
        slot = free_slot(self._running, self.jobs)
        worker = self._worker.remote()
        environment = dict(self.environment(task, slot))
        code = worker.run.remote(list(command), Path.cwd(), log.absolute(), environment)
        self._running[slot] = (task, worker, code)

    def wait(self, seconds: float) -> list[tuple[Task, int]]:
        codes = [code for _, _, code in self._running.values()]
        if codes:
            ray.wait(codes, timeout=seconds)
        ended = []
        for slot, (task, worker, code) in list(self._running.items()):
            if ray.wait([code], timeout=0)[0]:
                del self._running[slot]
                ended.append((task, _exit_code(code)))
                ray.kill(worker)
        return ended

    def ask_to_stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            for _, worker, _ in self._running.values():
                worker.stop.remote()


class _Worker:
    """Runs one command; an actor of Ray."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.is_stopped = False
        self.lock = threading.Lock()

    def run(
        self, command: list[str], folder: Path, log: Path, environment: Mapping[str, str]
    ) -> int:
        """Runs the command to its end; returns its exit code."""
        with self.lock:
            if self.is_stopped:
                return INTERRUPTED
            with log.open("ab") as output:
                self.process = subprocess.Popen(
                    command,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **environment},
                )
        return self.process.wait()

    def stop(self) -> None:
        """Sends SIGTERM to the command, or lets it not begin."""
        with self.lock:
            self.is_stopped = True
            if self.process is not None:
                self.process.terminate()

    def kill(self) -> None:
        """Ends the command at once."""
        with self.lock:
            self.is_stopped = True
            if self.process is not None:
                self.process.kill()


def _exit_code(code: Any) -> int:
    """The exit code that a worker has returned; `LOST` if the worker is gone.

    Raises:
        ObjcentricError: the worker could not start the command.
    """
    try:
        found: int = ray.get(code)
    except RayTaskError as error:
        raise ObjcentricError(
            f"a worker of the Ray cluster could not start a training ({error.cause}); all its "
            "machines need the same folders and the same Python as this one"
        ) from error
    except RayError:
        return LOST
    return found
