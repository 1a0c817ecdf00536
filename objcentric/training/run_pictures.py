"""The pictures that a run folder collects while the model learns."""

import re
from pathlib import Path

import torch

from objcentric.interfaces import Metric, SceneModel, Scenes
from objcentric.pictures.attention_windows import attention_windows
from objcentric.pictures.curves import curves
from objcentric.pictures.history import history
from objcentric.pictures.snapshot import Snapshot
from objcentric.runs.run import Run


def picture_due(epoch: int, eval_every: int, epochs: int) -> bool:
    """Whether an evaluated epoch is drawn.

    It is if it is the last one, or the first one that reaches any of 1, 2, 5, 10, 20, 50, …
    """
    if epoch == epochs:
        return True
    recent = range(max(epoch - eval_every, 0) + 1, epoch + 1)
    return any(re.fullmatch("[125]0*", str(number)) for number in recent)


def draw_epoch(
    run: Run, model: SceneModel, scenes: Scenes, headline: Metric | None, device: torch.device
) -> dict[str, Path]:
    """Draws what the model sees now, and how it came to.

    The history is drawn from what is stored beside the pictures: a resumed run has it whole.

    Args:
        run: whose last epoch has just been added to its metrics.
        model: as it is after that epoch.
        scenes: to look at.
        headline: the figure that matters most, if there is one.
        device: where the model is.

    Returns:
        PNG files by name.
    """
    run.pictures.mkdir(exist_ok=True)
    lines = run.metrics()
    epoch = lines[-1]["epoch"]
    snapshot = Snapshot.take(model, scenes, device)
    snapshot.save(run.pictures / f"epoch-{epoch:04d}.safetensors")
    windows = run.pictures / f"epoch-{epoch:04d}.png"
    title = f"{run.recipe.name}, seed {run.recipe.seed}, after epoch {epoch}"
    terms = [name for name in lines[-1]["train"] if name.endswith("_kl")]
    return {
        "windows": attention_windows(snapshot, windows, title=title),
        "history": history(_snapshots(run, epoch), run.pictures / "history.png"),
        "curves": curves(lines, run.pictures / "curves.png", headline=headline, terms=terms),
    }


def _snapshots(run: Run, until: int) -> dict[int, Snapshot]:
    """The run's snapshots by epoch; later ones, of a run that a kill cut off, do not count."""
    files = {
        int(path.stem.removeprefix("epoch-")): path
        for path in sorted(run.pictures.glob("epoch-*.safetensors"))
    }
    return {epoch: Snapshot.load(path) for epoch, path in files.items() if epoch <= until}
