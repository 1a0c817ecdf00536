"""A trained model, from its run folder."""

import torch

from objcentric.interfaces import SceneModel
from objcentric.runs.checkpoint import Checkpoint
from objcentric.devices import resolve_device
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run


def restored_model(run: Run) -> tuple[SceneModel, torch.device]:
    """The model of the run's latest checkpoint, and the device it is on.

    Raises:
        RunFolderError: the run has no checkpoint yet.
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
    device = resolve_device(run.recipe.training.device)
    return model.to(device, run.recipe.training.weights_dtype), device
