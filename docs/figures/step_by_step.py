"""Draws scenes as a model finds their objects, one after another (README.md).

    python docs/figures/step_by_step.py PICTURE.png RUN [RUN …]

Each run gives two rows: a validation scene with most objects, and the canvas after each step, with
the window of that step. The run's model must have windows and find objects in order, and draws a
part of what it found (`SceneModel.redraw`).
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from jaxtyping import UInt8
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from objcentric.evaluation.evaluate import unit_images
from objcentric.interfaces import Inference, SceneModel, Scenes
from objcentric.pictures import style
from objcentric.registry import Registry
from objcentric.runs.restore import restored_model
from objcentric.runs.run_folders import stored_run

SCENES_PER_RUN = 2


@torch.no_grad()
def canvases(model: SceneModel, image: Tensor) -> tuple[Inference, list[Tensor]]:
    """What is found in one image, and its canvas after 0, 1, … found objects."""
    found = model.infer(image)
    order = found.presence.cumsum(-1)
    drawn = [
        model.redraw(image, replace(found, presence=found.presence * (order <= k)))
        for k in range(int(order[0, -1]) + 1)
    ]
    return found, drawn


def draw(rows: list[tuple[SceneModel, Scenes, int, torch.device]], path: Path) -> None:
    """Draws one row per scene: the scene, then the canvas after each step."""
    found = [canvases(model, unit_images(s.images[[i]], model, d)) for model, s, i, d in rows]
    columns = 1 + max(len(drawn) - 1 for _, drawn in found)
    figure = Figure(figsize=(columns * 1.3, len(rows) * 1.3), layout="constrained")
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for line, (_, scenes, index, _), (inference, drawn) in zip(axes, rows, found, strict=True):
        for each in line:
            each.set_axis_off()
        style.draw_image(line[0], scenes.images[index])
        for k, canvas in enumerate(drawn[1:], start=1):
            line[k].set_axis_on()
            style.draw_image(line[k], _eight_bits(canvas[0]))
            x0, y0, x1, y1 = inference.boxes[0][inference.presence[0] > 0.5][k - 1].tolist()
            color = style.step_color(k - 1)
            line[k].add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, ec=color, lw=1.5))
    for k, top in enumerate(axes[0]):
        top.set_title("scene" if k == 0 else f"step {k}", fontsize=9, color=style.INK)
    style.save_figure(figure, path)


def _eight_bits(canvas: Tensor) -> UInt8[Tensor, "C H W"]:
    return (canvas.clamp(0, 1) * 255).round().to(torch.uint8)


def main(path: Path, folders: list[Path]) -> None:
    registry = Registry.discover(())
    rows = []
    for folder in folders:
        run = stored_run(folder, registry)
        model, device = restored_model(run)
        model.eval()
        scenes = run.recipe.build_source().scenes("validation")
        assert scenes.counts is not None
        fullest = torch.nonzero(scenes.counts == scenes.counts.max()).flatten()
        rows += [(model, scenes, i, device) for i in fullest[:SCENES_PER_RUN].tolist()]
    draw(rows, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
