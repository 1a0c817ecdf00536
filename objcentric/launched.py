"""What `torchrun` or `srun` says about the processes that it started (`launched`)."""

import os
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Launch:
    """This process among those that train one model.

    Attributes:
        by: what started them.
        rank: number of this process, in [0, world_size).
        local_rank: its number on this machine, in [0, local_world_size).
        world_size: how many processes there are.
        local_world_size: how many of them are on this machine.
    """

    by: Literal["torchrun", "srun"]
    rank: int
    local_rank: int
    world_size: int
    local_world_size: int

    @property
    def machines(self) -> int:
        """How many machines there are, if each has as many processes as this one."""
        return self.world_size // self.local_world_size


def launched() -> Launch | None:
    """The launch of this process; None if it trains alone."""
    said = os.environ
    if "TORCHELASTIC_RUN_ID" in said and int(said["WORLD_SIZE"]) > 1:
        names = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE")
        return Launch("torchrun", *(int(said[name]) for name in names))
    # Only a job step has it: a batch script that is one process has SLURM_NTASKS, too.
    world_size = int(said.get("SLURM_STEP_NUM_TASKS", 1))
    if "TORCHELASTIC_RUN_ID" not in said and world_size > 1:
        machines = int(said.get("SLURM_STEP_NUM_NODES", 1))
        rank, local_rank = (int(said[name]) for name in ("SLURM_PROCID", "SLURM_LOCALID"))
        return Launch("srun", rank, local_rank, world_size, world_size // machines)
    return None


def is_follower() -> bool:
    """Whether this process is one of several, and not the one that speaks for all of them."""
    launch = launched()
    return launch is not None and launch.rank > 0
