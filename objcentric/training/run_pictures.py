"""Pictures that a run draws after some epochs (`draw_epoch`, `picture_due`)."""

import re
from pathlib import Path

from objcentric.extras import is_installed
from objcentric.files import make_folder
from objcentric.interfaces import Metric
from objcentric.pictures.attention_windows import attention_windows
from objcentric.pictures.curves import curves
from objcentric.pictures.history import history
from objcentric.pictures.snapshot import Snapshot
from objcentric.runs.run import Run


def picture_due(epoch: int, eval_every: int, epochs: int) -> bool:
    """Whether pictures are drawn after an evaluated epoch.

    They are drawn after the last epoch and after the first to reach each of 1, 2, 5, 10, 20, 50, …
    """
    if epoch == epochs:
        return True
    recent = range(max(epoch - eval_every, 0) + 1, epoch + 1)
    return any(re.fullmatch("[125]0*", str(number)) for number in recent)


def draw_epoch(run: Run, snapshot: Snapshot, headline: Metric | None) -> dict[str, Path]:
    """Draws what the model sees now, its history and the learning curves.

    The history uses snapshots stored beside the pictures, so that a resumed run draws all of it.

    Args:
        run: the run, with the last epoch already in its metrics.
        snapshot: what the model finds after that epoch; it is stored, too.
        headline: the metric to plot first; None if there is none.

    Returns:
        PNG files by name; none without matplotlib.
    """
    make_folder(run.pictures)
    lines = run.metrics()
    epoch = lines[-1]["epoch"]
    snapshot.save(run.pictures / f"epoch-{epoch:04d}.safetensors")
    if not is_installed("matplotlib"):
        return {}
    windows = run.pictures / f"epoch-{epoch:04d}.png"
    title = f"{run.recipe.name}, seed {run.recipe.seed}, after epoch {epoch}"
    terms = [name for name in lines[-1]["train"] if name.endswith("_kl")]
    return {
        "windows": attention_windows(snapshot, windows, title=title),
        "history": history(_snapshots(run, epoch), run.pictures / "history.png"),
        "curves": curves(lines, run.pictures / "curves.png", headline=headline, terms=terms),
    }


def _snapshots(run: Run, until: int) -> dict[int, Snapshot]:
    """Snapshots by epoch, up to `until`; later ones, left by a kill, are ignored."""
    files = {
        int(path.stem.removeprefix("epoch-")): path
        for path in sorted(run.pictures.glob("epoch-*.safetensors"))
    }
    return {epoch: Snapshot.load(path) for epoch, path in files.items() if epoch <= until}
