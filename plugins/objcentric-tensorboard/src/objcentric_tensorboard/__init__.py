"""Runs of objcentric in TensorBoard: a whole tracker, on the hooks that every plugin gets."""

from pathlib import Path
from typing import Any

from objcentric import hookimpl
from objcentric.errors import ObjcentricError

_writers: dict[Path, Any] = {}


@hookimpl
def objcentric_recipe_sections() -> dict[str, Any]:
    from objcentric_tensorboard.options import TensorBoardOptions  # pydantic is slow to import

    return {"tensorboard": TensorBoardOptions}


@hookimpl
def objcentric_run_started(run: Any) -> None:
    if not run.recipe.sections["tensorboard"].enabled:
        return
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        install = "pip install 'objcentric[tensorboard]'"
        raise ObjcentricError(f"TensorBoard is not installed: {install}") from error
    done = max((line["epoch"] for line in run.metrics()), default=0)
    # What an earlier process wrote of later epochs no longer counts.
    _writers[run.path] = SummaryWriter(str(run.path / "tensorboard"), purge_step=done + 1)
    _writers[run.path].add_text("recipe", f"```yaml\n{run.recipe.to_yaml()}```", done)


@hookimpl
def objcentric_run_evaluated(run: Any, epoch: int, metrics: dict[str, Any], snapshot: Any) -> None:
    writer = _writers.get(run.path)
    if writer is None:
        return
    for split, figures in metrics.items():
        for name, figure in figures.items() if isinstance(figures, dict) else ():
            if isinstance(figure, (int, float)):
                writer.add_scalar(f"{split}/{name}", figure, epoch)
    if snapshot is not None:
        writer.add_images("scenes/reconstruction", snapshot.canvas, epoch)
        for scene, image in enumerate(snapshot.images):
            found = None if snapshot.boxes is None else snapshot.boxes[scene]
            boxes = [] if found is None else found[snapshot.presence[scene]]
            writer.add_image_with_boxes(f"scenes/found {scene + 1}", image, boxes, epoch)
        if snapshot.probs is not None:
            writer.add_histogram("scenes/presence", snapshot.probs, epoch)
    writer.flush()


@hookimpl
def objcentric_run_finished(run: Any, summary: dict[str, Any]) -> None:
    if run.path in _writers:
        _writers[run.path].add_text("status", summary["status"], summary["epochs"])
        _writers.pop(run.path).close()
