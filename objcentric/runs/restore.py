"""Loading a trained model from its run folder (`restored_model`)."""

from collections.abc import Mapping, Sequence

import torch

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.finiteness import astray_weights, named
from objcentric.interfaces import SceneModel
from objcentric.recipe.component_choice import BrokenComponent
from objcentric.recipe.recipe import Recipe
from objcentric.runs.checkpoint import Checkpoint
from objcentric.runs.errors import RunFolderError
from objcentric.runs.missing_plugins import another_version
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
    check_weights(run, model, weights, image_shape)
    model.load_state_dict(weights)
    if astray := astray_weights(model):
        raise RunFolderError(
            f"{run.latest_checkpoint() or run.path} is from a run that diverged: some of its "
            f"weights are not finite ({named(astray)})"
        )
    where = resolve_device(device or recipe.training.device)
    return model.to(where, recipe.training.weights_dtype), where


def _weights(run: Run) -> dict[str, torch.Tensor]:
    return dict(pack_weights(run) if run.is_pack else Checkpoint.load(run.checkpoint()).model)


def _built(run: Run, recipe: Recipe, image_shape: ImageShape) -> SceneModel:
    """The model with initial weights. A pack may be anyone's, so its recipe may fail in any way."""
    try:
        return recipe.build_model(image_shape)
    except BrokenComponent as error:
        if not run.is_pack:
            raise
        said = str(error).splitlines()[0]
        raise RunFolderError(f"{run.path} holds a recipe that cannot be built: {said}") from error


def check_weights(
    run: Run,
    model: SceneModel,
    weights: Mapping[str, torch.Tensor],
    image_shape: ImageShape | None = None,
) -> None:
    """Compares the names and shapes of a run's weights with those of a model.

    Args:
        run: the run.
        model: the model that is to have its weights.
        weights: the weights by name.
        image_shape: `(C, H, W)` of the images that the model takes, if it may not be the run's.

    Raises:
        ObjcentricError: they differ.
    """
    unlike = _unlike(model.state_dict(), weights)
    if not unlike:
        return
    more = f" (and {len(unlike) - 1} more)" if len(unlike) > 1 else ""
    said = f"the weights of {run.path} do not fit the requested model: "
    trained = run.image_shape() if image_shape is not None else None
    if trained != image_shape and trained is not None and image_shape is not None:
        said += (
            f"it was trained on images of {shape_text(trained)}, these have "
            f"{shape_text(image_shape)}; "
        )
    if version := another_version(run.path):
        more += f"; {version}"
    raise ObjcentricError(f"{said}{unlike[0]}{more}")


def shape_text(shape: ImageShape) -> str:
    """A canvas in a message: `64×64 pixels in 3 channels`."""
    channels, height, width = shape
    return f"{width}×{height} pixels in {channels} channel{'s' * (channels != 1)}"


def _unlike(wanted: Mapping[str, torch.Tensor], found: Mapping[str, torch.Tensor]) -> Sequence[str]:
    """The differences between two models' weights, one line per weight."""
    lines = [f"{name} is missing" for name in wanted if name not in found]
    lines += [f"{name} has no place" for name in found if name not in wanted]
    lines += [
        f"{name} is {tuple(found[name].shape)} in the run and {tuple(value.shape)} in the model"
        for name, value in wanted.items()
        if name in found and found[name].shape != value.shape
    ]
    return lines
