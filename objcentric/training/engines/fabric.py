"""Device, precision and processes of a training, set by Lightning Fabric (`make_fabric`)."""

import logging
from datetime import timedelta

import torch
from lightning_fabric import Fabric
from lightning_fabric.plugins.environments.cluster_environment import ClusterEnvironment
from lightning_fabric.plugins.environments.lightning import LightningEnvironment
from lightning_fabric.plugins.environments.slurm import SLURMEnvironment
from lightning_fabric.plugins.environments.torchelastic import TorchElasticEnvironment
from lightning_fabric.strategies.ddp import DDPStrategy

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.launched import Launch, launched
from objcentric.recipe.options import TrainingOptions

PATIENCE = timedelta(days=1)
"""How long a rank waits for the others, which covers evaluation by rank 0. A rank that has ended
is noticed at once all the same: its connection is lost, and `torchrun` ends the others."""


def make_fabric(options: TrainingOptions) -> Fabric:
    """Fabric for the recipe's device and precision, and for the processes that train together.

    Raises:
        ObjcentricError: there is no such device, not as many as processes, or they cannot share a
            batch evenly.
    """
    device = resolve_device(options.device)
    launch = launched()
    if launch is None:
        fabric = Fabric(
            accelerator=device.type,
            devices=1 if device.type == "cpu" else [device.index],
            precision=options.precision,
            plugins=[LightningEnvironment()],  # and not Slurm's, whose job may have more tasks
        )
    else:
        _check(launch, options, device)
        # Fabric prints to standard error what nobody needs to read.
        logging.getLogger("lightning.fabric").setLevel(logging.WARNING)
        logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
        fabric = Fabric(
            accelerator=device.type,
            devices=launch.local_world_size,
            num_nodes=launch.machines,
            precision=options.precision,
            plugins=[_environment(launch)],
            # A component may leave one of its parameters out of a step. With one process that
            # parameter then stays as it is; DDP does the same if it looks for unused parameters,
            # and fails in the next step if not. Buffers are those of rank 0 in every step, which is
            # DDP's default: components of others may count something in them that differs by rank.
            strategy=DDPStrategy(find_unused_parameters=True, timeout=PATIENCE),
        )
    fabric.launch()
    return fabric


def join_ranks(options: TrainingOptions) -> None:
    """Joins the processes that were started to train together; does nothing if there is one.

    Raises:
        ObjcentricError: as `make_fabric`.
    """
    if launched() is not None:
        make_fabric(options)


def _environment(launch: Launch) -> ClusterEnvironment:
    if launch.by == "torchrun":
        return TorchElasticEnvironment()
    return SLURMEnvironment(auto_requeue=False)


def _check(launch: Launch, options: TrainingOptions, device: torch.device) -> None:
    """Refuses what several processes cannot do together."""
    ranks = launch.world_size
    if ranks % launch.local_world_size:
        raise ObjcentricError(
            f"this machine has {launch.local_world_size} of {ranks} processes; "
            "start as many on every machine"
        )
    if options.batch_size % ranks:
        near = max(1, options.batch_size // ranks) * ranks
        raise ObjcentricError(
            f"training.batch_size is {options.batch_size}, the images per step of all processes "
            f"together, which {ranks} processes cannot share evenly; "
            f"training.batch_size={near} can be shared"
        )
    if device.type != "cuda":
        return
    if ":" in options.device:
        raise ObjcentricError(
            f"training.device is {options.device!r}, one device, for {ranks} processes; "
            "training.device=cuda gives each process its own"
        )
    found = torch.cuda.device_count()
    if found < launch.local_world_size:
        raise ObjcentricError(
            f"{launch.local_world_size} processes on this machine need a CUDA device each, and "
            f"torch sees {found}; start fewer processes, or use training.device=cpu"
        )
