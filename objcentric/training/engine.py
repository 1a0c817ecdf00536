"""Device and precision of a training, by Lightning Fabric."""

import torch
from lightning_fabric import Fabric

from objcentric.errors import ObjcentricError
from objcentric.recipe.options import TrainingOptions


def resolve_device(option: str) -> torch.device:
    """The device that `training.device` names; `auto` is a CUDA device where there is one.

    Raises:
        ObjcentricError: there is no such device.
    """
    if option == "auto":
        option = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(option)
    if device.type == "cuda":
        found = torch.cuda.device_count() if torch.cuda.is_available() else 0
        device = torch.device("cuda", device.index or 0)
        if device.index >= found:
            raise ObjcentricError(
                f"training.device is {option!r}, but torch sees {found} CUDA devices; "
                "use training.device=auto or training.device=cpu"
            )
    return device


def make_fabric(options: TrainingOptions) -> Fabric:
    """Fabric for the recipe's device and precision.

    Raises:
        ObjcentricError: there is no such device.
    """
    device = resolve_device(options.device)
    fabric = Fabric(
        accelerator=device.type,
        devices=1 if device.type == "cpu" else [device.index],
        precision=options.precision,
    )
    fabric.launch()
    return fabric


def weights_dtype(options: TrainingOptions) -> torch.dtype:
    """What parameters are kept in, whatever the arithmetic's precision."""
    return torch.float64 if options.precision == "64-true" else torch.float32
