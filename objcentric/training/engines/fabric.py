"""Device and precision of a training, set by Lightning Fabric (`make_fabric`)."""

from lightning_fabric import Fabric

from objcentric.devices import resolve_device
from objcentric.recipe.options import TrainingOptions


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
