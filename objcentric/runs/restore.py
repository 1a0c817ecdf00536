"""Loading a trained model from its run folder (`restored_model`)."""

from collections.abc import Sequence

import torch
from safetensors import SafetensorError

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.finiteness import astray_weights, named
from objcentric.interfaces import SceneModel
from objcentric.recipe.component_choice import BrokenComponent
from objcentric.recipe.recipe import Recipe
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import RunFolderError
from objcentric.runs.pack import pack_weights
from objcentric.runs.run import Run
from objcentric.scene import ImageShape


def restored_model(
    run: Run,
    recipe: Recipe | None = None,
    *,
    image_shape: ImageShape | None = None,
    device: str | None = None,
) -> tuple[SceneModel, torch.device]:
    """The model of the run's latest checkpoint or of a pack, and its device.

    Args:
        run: the run that trained the model.
        recipe: the run's recipe, with changes that keep the shapes of all weights: other scenes, or
            more slots if the scheduler's weights do not depend on their number.
        image_shape: `(C, H, W)` of the images; by default that of the training.
        device: where to put it; by default where the recipe says.

    Raises:
        RunFolderError: the run has no checkpoint yet, or its weights are not finite.
        ObjcentricError: the recipe's device does not exist, or the weights of its model differ in
            name or shape from the run's.
    """
    recipe = recipe or run.recipe
    weights = _weights(run)
    model = _built(run, recipe, image_shape or run.image_shape())
    if unlike := _unlike(model.state_dict(), weights):
        raise ObjcentricError(
            f"the weights of {run.path} do not fit the requested model: {unlike[0]}"
            + (f" (and {len(unlike) - 1} more)" if len(unlike) > 1 else "")
        )
    model.load_state_dict(weights)
    if astray := astray_weights(model):
        raise RunFolderError(
            f"{run.latest_checkpoint() or run.path} is from a run that diverged: some of its "
            f"weights are not finite ({named(astray)})"
        )
    where = resolve_device(device or recipe.training.device)
    return model.to(where, recipe.training.weights_dtype), where


def _weights(run: Run) -> dict[str, torch.Tensor]:
    try:
        return dict(pack_weights(run) if run.is_pack else Checkpoint.load(run.checkpoint()).model)
    except SafetensorError as error:
        raise RunFolderError(
            f"{run.path} is damaged: its weights are unreadable ({error})"
        ) from error


def _built(run: Run, recipe: Recipe, image_shape: ImageShape) -> SceneModel:
    """The model with initial weights. A pack may be anyone's, so its recipe may fail in any way."""
    try:
        return recipe.build_model(image_shape)
    except BrokenComponent as error:
        if not run.is_pack:
            raise
        said = str(error).splitlines()[0]
        raise RunFolderError(f"{run.path} holds a recipe that cannot be built: {said}") from error


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
