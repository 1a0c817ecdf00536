"""The scenes in which a model is worst (`Mistakes`)."""

from dataclasses import dataclass

import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor

from objcentric.evaluation.evaluate import NOISE_SEED, fitting, unit_images
from objcentric.interfaces import Judged, Metric
from objcentric.randomness import own_noise
from objcentric.report.found import Found
from objcentric.report.scene_view import SceneView
from objcentric.report.trained import Material

SEARCHED = 400
"""Scenes that are searched; each is judged by itself, which takes a few milliseconds."""

SHOWN = 8
"""Scenes that are shown."""

BATCH = 100


@dataclass(frozen=True)
class Mistakes:
    """The worst scenes.

    Attributes:
        intro: how they were chosen, and how many are wrong.
        scenes: the scenes, the worst first.
    """

    intro: str
    scenes: tuple[SceneView, ...]


def mistakes(material: Material, metric: Metric | None) -> Mistakes:
    """The scenes with the worst figures, and among equal ones those with the largest error.

    Args:
        material: a model in evaluation mode, and the scenes.
        metric: the figure that decides; without one, or if the model or the scenes do not suit it,
            the squared error of the reconstruction decides alone.
    """
    model, scenes, device = material.model, material.scenes, material.device
    suited = None if metric is None else next(iter(fitting([metric], model, scenes)), None)
    if suited is not None and (suited.better is None or "density" in suited.abilities):
        suited = None  # a bound has noise of its own in each scene
    n = min(SEARCHED, len(scenes))
    errors, figures = [], []
    with own_noise(NOISE_SEED, device):
        for index in torch.arange(n).split(BATCH):
            image = unit_images(scenes.images[index], model, device)
            inference = model.infer(image)
            errors += _errors(inference.canvas, image)
            judged = Judged(model, image, scenes.at(index).to(device), inference)
            figures += _each(judged, suited) if suited else []
    order = _worst_first(errors, figures, suited)[:SHOWN]
    found = Found.live(model, scenes, torch.tensor(order), device)
    remarks = [_remark(errors[i], figures[i] if figures else None, suited) for i in order]
    views = tuple(
        SceneView.of(found, place, f"mistake-{place + 1}", objects=True, remark=remark)
        for place, remark in enumerate(remarks)
    )
    return Mistakes(_intro(n, figures, suited), views)


def _each(judged: Judged, metric: Metric) -> list[float | None]:
    """The figure of each scene by itself."""
    return [_figure(metric, _only(judged, index)) for index in range(len(judged.image))]


def _figure(metric: Metric, judged: Judged) -> float | None:
    total = {name: value.cpu() for name, value in metric.measure(judged).items()}
    figure = metric.figure(total)
    return figure if isinstance(figure, (int, float)) else None


def _only(judged: Judged, index: int) -> Judged:
    """One scene of a batch."""
    where = torch.tensor([index], device=judged.image.device)
    truth, found = judged.truth.at(where), judged.inference.at(where)
    return Judged(judged.model, judged.image[where], truth, found)


def _worst_first(
    errors: list[float], figures: list[float | None], metric: Metric | None
) -> list[int]:
    sign = -1.0 if metric is not None and metric.better == "lower" else 1.0

    def badness(scene: int) -> tuple[float, float]:
        figure = figures[scene] if figures else None
        return (float("inf") if figure is None else sign * figure), -errors[scene]

    return sorted(range(len(errors)), key=badness)


def _remark(error: float, figure: float | None, metric: Metric | None) -> str:
    said = f"squared error {error:.4f}"
    if metric is None or figure is None or metric.key == "mse" or _counts(metric):
        return said
    return f"{metric.title} {metric.show(figure)}, {said}"


def _counts(metric: Metric) -> bool:
    """Whether the figure of one scene is right or wrong, which its count already says."""
    return metric.truth == {"counts"}


def _intro(n: int, figures: list[float | None], metric: Metric | None) -> str:
    where = f"Of the first {n:,} validation scenes"
    if metric is None:
        return f"{where}, those with the largest squared error of the reconstruction."
    best = metric.bounds[1] if metric.better == "higher" else metric.bounds[0]
    flawed = sum(figure is not None and figure != best for figure in figures)
    if not flawed:
        return (
            f"{where}, none falls short in {metric.title}. These have the largest squared error "
            "of the reconstruction."
        )
    falls = "falls" if flawed == 1 else "fall"
    return (
        f"{where}, {flawed:,} {falls} short in {metric.title}. The worst come first, and among "
        "equals those with the largest squared error of the reconstruction."
    )


def _errors(canvas: Float[Tensor, "B C H W"], image: Float[Tensor, "B C H W"]) -> list[float]:
    """Squared error of each reconstruction, mean over channels and pixels."""
    return reduce((canvas.float() - image.float()) ** 2, "b c h w -> b", "mean").tolist()
