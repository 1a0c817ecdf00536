"""Draws what `pursuit` sees in a scene, step by step (docs/pursuit.md).

    python docs/figures/draw_pursuit_maps.py RUN PICTURE.png [SCENE]

RUN is the folder of a run whose scheduler is `pursuit`. SCENE is the index of a validation scene,
by default the first of those with most objects. The picture shows all steps that find an object and
the first one that finds none.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from einops import rearrange
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from objcentric.blocks.crop import crop
from objcentric.blocks.expected_window import expected_window
from objcentric.blocks.explain_away import drawn
from objcentric.blocks.saliency import Saliency, peak
from objcentric.drafts import Layers
from objcentric.model.wired_model import WiredModel
from objcentric.pictures import style
from objcentric.registry import Registry
from objcentric.runs.restore import restored_model
from objcentric.runs.run_folders import stored_run
from objcentric_schedulers.pursuit import Pursuit

ROWS = ("what is left", "map", "crop", "this step draws", "drawn so far")


@dataclass(frozen=True)
class Step:
    """What one step sees and does. Maps are `(C, H, W)`, in the range of the image.

    Attributes:
        left: the image minus what was drawn before.
        salience: the blurred map, times the inhibition.
        place: column and row of its peak, in pixels.
        crop: what is left around the peak.
        layer: the object that is drawn.
        box: its window, in pixels.
        presence: probability that it is there, given that the steps before found theirs.
    """

    left: Tensor
    salience: Tensor
    place: tuple[float, float]
    crop: Tensor
    layer: Tensor
    box: tuple[float, float, float, float]
    presence: float


@torch.no_grad()
def steps_of(model: WiredModel, image: Tensor) -> list[Step]:
    """The steps of one image `(1, C, H, W)` up to the first absent object."""
    scheduler = model.scheduler
    if not isinstance(scheduler, Pursuit):
        raise SystemExit("the run's scheduler is not pursuit")
    drafts = scheduler(image, model.calm_perception)
    boxes = model.glimpser.boxes(drafts.where.sample)[0]
    chances = torch.sigmoid(drafts.presence.logits)[0]
    window = expected_window(scheduler.scene.where, image, model.glimpser)
    saliency = Saliency.of(image, window, scheduler.blur, scheduler.inhibition or 1.0)
    left, openness = image, torch.ones_like(image[:, 0])
    size = torch.tensor([image.shape[-1], image.shape[-2]])
    found = []
    present = int((chances > 0.5).long().cumprod(0).sum())
    for k in range(min(present + 1, scheduler.slots)):
        salience = openness * saliency.blurred(scheduler.intensity(left))
        place, _ = peak(salience)
        seen = crop(left, place, scheduler.crop * window, scheduler.crop_size)
        color, alpha = drafts.layers.color[:, k : k + 1], drafts.layers.alpha
        layer = drawn(Layers(color, None if alpha is None else alpha[:, k : k + 1]))
        column, row = ((place[0] + 1) * size / 2).tolist()
        box = tuple(boxes[k].tolist())
        found.append(
            Step(left[0], salience, (column, row), seen[0], layer[0], box, float(chances[k]))
        )
        left = left - layer
        if scheduler.inhibition is not None:
            openness = openness * saliency.beside(place)
    return found


def draw(steps: list[Step], image: Tensor, path: Path) -> None:
    """One column per step, one row per map; the scene itself on the left."""
    cell = 1.25
    figure = Figure(figsize=(cell * (len(steps) + 1.3), cell * len(ROWS) + 0.5))
    figure.subplots_adjust(left=0.01, right=0.99, top=0.94, bottom=0.01, wspace=0.08, hspace=0.06)
    widths = [1.25, *[1.0] * len(steps)]
    axes = figure.subplots(len(ROWS), len(steps) + 1, width_ratios=widths)
    for row in axes[1:, 0]:
        row.set_axis_off()
    _show(axes[0, 0], image)
    axes[0, 0].set_anchor("W")
    axes[0, 0].set_title("scene", color=style.INK, fontsize=9)
    brightest = float(steps[0].salience.max())
    so_far = torch.zeros_like(image)
    for k, (step, column) in enumerate(zip(steps, axes[:, 1:].T, strict=True)):
        so_far = so_far + step.layer
        column[0].set_title(f"step {k + 1}: {step.presence:.0%}", color=style.INK, fontsize=9)
        _show(column[0], step.left)
        _show(column[1], step.salience / brightest)
        _show(column[2], step.crop)
        _show(column[3], step.layer)
        _show(column[4], so_far)
        for cell_axes in column[:2]:
            cell_axes.plot(*step.place, "+", color=style.step_color(k), ms=9, mew=2)
        x0, y0, x1, y1 = step.box
        frame = Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, lw=2, ec=style.step_color(k))
        column[0].add_patch(frame)
    for label, name in zip(axes[:, 1], ROWS, strict=True):
        label.set_ylabel(name, color=style.INK, fontsize=9)
    style.save_figure(figure, path)


def _show(axes: Axes, image: Tensor) -> None:
    style.draw_image(axes, (image.clamp(0, 1) * 255).round().to(torch.uint8))


def main() -> None:
    """Draws the picture that the command line asks for."""
    run, path = stored_run(Path(sys.argv[1]), Registry.discover()), Path(sys.argv[2])
    model, _ = restored_model(run)
    scenes = run.recipe.build_source().scenes("validation")
    assert isinstance(model, WiredModel)
    assert scenes.counts is not None
    scene = int(sys.argv[3]) if len(sys.argv) > 3 else int(scenes.counts.argmax())
    image = rearrange(scenes.images[scene], "c h w -> 1 c h w") / 255
    draw(steps_of(model.eval(), image), image[0], path)


if __name__ == "__main__":
    main()
