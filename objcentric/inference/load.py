"""Loading a trained run (`load`)."""

from collections.abc import Sequence
from pathlib import Path

from objcentric.devices import resolve_device
from objcentric.errors import ObjcentricError
from objcentric.inference.trained_model import TrainedModel
from objcentric.inference.trained_run import TrainedRun
from objcentric.registry import Registry
from objcentric.runs.restore import restored_model
from objcentric.runs.run import Run
from objcentric.runs.run_folders import stored_run
from objcentric.waiting import waiting


def load(
    path: str | Path,
    *,
    plugins: Sequence[str | Path] = (),
    device: str | None = None,
    quiet: bool = False,
) -> TrainedRun:
    """A run, or a pack, with its trained model.

    The folder is all that is needed: no data, and no file outside of it but plugin files, which are
    code and never loaded by themselves.

        run = objcentric.load("runs/quickstart-seed0")
        run.model.infer(images).counts

    Args:
        path: the folder.
        plugins: Python files with the components that the run used.
        device: `cpu`, `cuda` or `auto`; by default the recipe's if it is here, else `auto`.
        quiet: whether to say nothing if that takes long.

    Raises:
        ObjcentricError: the folder is no run and no pack, it is damaged, or a plugin is missing.
    """
    with waiting("Loading the model", quiet=quiet):
        registry = Registry.discover([Path(file) for file in plugins])
        return trained_run(stored_run(Path(path).expanduser(), registry), device)


def trained_run(run: Run, device: str | None = None) -> TrainedRun:
    """A run with its trained model; see `load`."""
    shape = run.image_shape()
    chosen = device or _possible(run.recipe.training.device)
    model, where = restored_model(run, image_shape=shape, device=chosen)
    return TrainedRun(run, TrainedModel(model, shape, where, run.recipe.name))


def _possible(device: str) -> str:
    try:
        resolve_device(device)
    except ObjcentricError:  # it was trained on another machine
        return "auto"
    return device
