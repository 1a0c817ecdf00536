"""A trained model, from its run folder."""

import torch

from objcentric.devices import resolve_device
from objcentric.finiteness import astray_weights, named
from objcentric.model.wired_model import WiredModel
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run


def restored_model(run: Run) -> tuple[WiredModel, torch.device]:
    """The model of the run's latest checkpoint, and the device it is on.

    Raises:
        RunFolderError: the run has no checkpoint yet, or its weights are not finite.
        ObjcentricError: its recipe asks for a device that is not here.
    """
    latest = run.latest_checkpoint()
    if latest is None:
        raise RunFolderError(
            f"{run.path} has no checkpoint yet: its first epoch is not over "
            f"(`objcentric train --resume {run.path}` goes on with it)"
        )
    model = run.recipe.build_model(run.recipe.build_source().image_shape)
    model.load_state_dict(dict(Checkpoint.load(latest).model))
    if astray := astray_weights(model):
        raise RunFolderError(
            f"{latest} is of a run that diverged: there are weights that are not finite "
            f"({named(astray)})"
        )
    device = resolve_device(run.recipe.training.device)
    return model.to(device, run.recipe.training.weights_dtype), device
