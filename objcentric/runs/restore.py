"""Loading a trained model from its run folder (`restored_model`)."""

from collections.abc import Sequence

import torch

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.finiteness import astray_weights, named
from objcentric.interfaces import SceneModel
from objcentric.recipe.recipe import Recipe
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import RunFolderError
from objcentric.runs.run import Run


def restored_model(run: Run, recipe: Recipe | None = None) -> tuple[SceneModel, torch.device]:
    """The model of the run's latest checkpoint, and its device.

    Args:
        run: the run that trained the model.
        recipe: the run's recipe, with changes that keep the shapes of all weights: other scenes, or
            more slots if the scheduler's weights do not depend on their number.

    Raises:
        RunFolderError: the run has no checkpoint yet, or its weights are not finite.
        ObjcentricError: the recipe's device does not exist, or the weights of its model differ in
            name or shape from the run's.
    """
    recipe = recipe or run.recipe
    latest = run.latest_checkpoint()
    if latest is None:
        raise RunFolderError(
            f"{run.path} has no checkpoint yet: its first epoch is not over "
            f"(`objcentric train --resume {run.path}` continues it)"
        )
    model = recipe.build_model(recipe.build_source().image_shape)
    weights = dict(Checkpoint.load(latest).model)
    if unlike := _unlike(model.state_dict(), weights):
        raise ObjcentricError(
            f"the weights of {run.path} do not fit the requested model: {unlike[0]}"
            + (f" (and {len(unlike) - 1} more)" if len(unlike) > 1 else "")
        )
    model.load_state_dict(weights)
    if astray := astray_weights(model):
        raise RunFolderError(
            f"{latest} is from a run that diverged: some of its weights are not finite "
            f"({named(astray)})"
        )
    device = resolve_device(recipe.training.device)
    return model.to(device, recipe.training.weights_dtype), device


def _unlike(wanted: dict[str, torch.Tensor], found: dict[str, torch.Tensor]) -> Sequence[str]:
    """The differences between two models' weights, one line per weight."""
    lines = [f"{name} is missing" for name in wanted if name not in found]
    lines += [f"{name} has no place" for name in found if name not in wanted]
    lines += [
        f"{name} is {tuple(found[name].shape)} in the run and {tuple(value.shape)} in the model"
        for name, value in wanted.items()
        if name in found and found[name].shape != value.shape
    ]
    return lines
