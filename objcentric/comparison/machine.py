"""How the machine's cores and devices are shared among runs (`Machine`)."""

import os
from dataclasses import dataclass

import torch

from objcentric.devices import resolve_device
from objcentric.recipe.options import TrainingOptions


@dataclass(frozen=True)
class Machine:
    """The machine, shared among several runs that train at the same time.

    Attributes:
        cores: CPU cores that this process may use.
        jobs: how many runs are trained at a time.
        devices: CUDA devices to share, as `CUDA_VISIBLE_DEVICES` names them; empty if there is no
            choice.
        threads_set: the user's own number of threads per run; None for an equal share of the cores.
    """

    cores: int
    jobs: int
    devices: tuple[str, ...] = ()
    threads_set: int | None = None

    @classmethod
    def found(cls, options: TrainingOptions, jobs: int | None, runs: int) -> "Machine":
        """This machine, shared among the runs of a comparison.

        Args:
            options: the recipe's training options; their device decides what is shared.
            jobs: runs at a time; None for one per core, or on CUDA one per device.
            runs: how many runs there are in total.
        """
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        cores = cores or 1
        on_cuda = resolve_device(options.device).type == "cuda"
        devices = _cuda_devices() if on_cuda and ":" not in options.device else ()
        share = max(1, len(devices)) if on_cuda else cores
        said = os.environ.get("OMP_NUM_THREADS", "")
        return cls(
            cores,
            max(1, min(jobs or share, runs)),
            devices if len(devices) > 1 else (),
            int(said) if said.isdecimal() and int(said) > 0 else None,
        )

    @property
    def threads(self) -> int:
        """CPU threads per run: what `OMP_NUM_THREADS` says, or an equal share of the cores."""
        return self.threads_set or max(1, self.cores // self.jobs)

    def environment(self, slot: int) -> dict[str, str]:
        """Environment variables that limit a run to its share.

        Args:
            slot: number of the run among those that train at the same time, from 0.
        """
        share = {"OMP_NUM_THREADS": str(self.threads)}
        if self.devices:
            share["CUDA_VISIBLE_DEVICES"] = self.devices[slot % len(self.devices)]
        return share


def _cuda_devices() -> tuple[str, ...]:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible:
        return tuple(visible.split(","))
    return tuple(str(index) for index in range(torch.cuda.device_count()))
