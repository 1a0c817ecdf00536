"""How many trainings run side by side, and on what."""

import os
from dataclasses import dataclass

import torch

from objcentric.devices import resolve_device
from objcentric.recipe.options import TrainingOptions


@dataclass(frozen=True)
class Machine:
    """A share of the machine for each of several trainings.

    Attributes:
        cores: that this process may use.
        jobs: trainings side by side.
        devices: CUDA devices to deal out, as `CUDA_VISIBLE_DEVICES` names them; empty where there
            is nothing to choose.
    """

    cores: int
    jobs: int
    devices: tuple[str, ...] = ()

    @classmethod
    def found(cls, options: TrainingOptions, jobs: int | None, runs: int) -> "Machine":
        """This machine, shared among the runs of a comparison.

        Args:
            options: of the recipe; its device decides what there is to share.
            jobs: trainings side by side; None for one a core, on CUDA for one a device.
            runs: how many there are in all.
        """
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        cores = cores or 1
        on_cuda = resolve_device(options.device).type == "cuda"
        devices = _cuda_devices() if on_cuda and ":" not in options.device else ()
        share = max(1, len(devices)) if on_cuda else cores
        return cls(cores, max(1, min(jobs or share, runs)), devices if len(devices) > 1 else ())

    @property
    def threads(self) -> int:
        """Cores for each training."""
        return max(1, self.cores // self.jobs)

    def environment(self, slot: int) -> dict[str, str]:
        """What sets a training's share.

        Args:
            slot: of the trainings side by side, from 0.
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
