"""Evaluation of a model by several metrics (`evaluate`)."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric, SceneModel, Scenes
from objcentric.randomness import own_noise
from objcentric.waiting import advanced

NOISE_SEED = 0
"""Bounds are estimated with the same noise each time, so that figures are reproducible."""


def fitting(metrics: Sequence[Metric], model: SceneModel, scenes: Scenes) -> list[Metric]:
    """The metrics that suit a model and the ground truth that the scenes have."""
    return [
        metric
        for metric in metrics
        if metric.truth <= scenes.known and metric.abilities <= model.abilities
    ]


@torch.no_grad()
def evaluate(
    model: SceneModel,
    scenes: Scenes,
    metrics: Sequence[Metric],
    device: torch.device,
    batch_size: int = 250,
) -> dict[str, Figure]:
    """Evaluates a model on scenes, with every schedule at its end.

    Args:
        model: the model, on `device`.
        scenes: the scenes, with the ground truth that they have.
        metrics: what to measure; metrics that do not suit the model or the scenes are left out.
        device: where to compute.
        batch_size: images per batch; figures depend on it through rounding and the bounds' noise.

    Returns:
        The figures, by metric key.
    """
    suited = fitting(metrics, model, scenes)
    was_training = model.training
    model.eval()
    try:
        with own_noise(NOISE_SEED, device):
            totals = _measured(model, scenes, suited, device, batch_size)
    finally:
        model.train(was_training)
    return {metric.key: metric.figure(totals[metric.key]) for metric in suited}


def _measured(
    model: SceneModel,
    scenes: Scenes,
    metrics: Sequence[Metric],
    device: torch.device,
    batch_size: int,
) -> dict[str, dict[str, Tensor]]:
    """Each metric's totals over all batches, on the CPU."""
    totals: dict[str, dict[str, Tensor]] = {}
    for index in torch.arange(len(scenes)).split(batch_size):
        image = unit_images(scenes.images[index], model, device)
        judged = Judged(model, image, scenes.at(index).to(device), model.infer(image))
        for metric in metrics:
            batch = metric.measure(judged)
            before = totals.get(metric.key)
            totals[metric.key] = batch if before is None else metric.combine(before, batch)
        advanced(int(index[-1]) + 1, len(scenes))
    return {
        key: {name: value.cpu() for name, value in total.items()} for key, total in totals.items()
    }


def unit_images(
    images: UInt8[Tensor, "B C H W"], model: SceneModel, device: torch.device
) -> Float[Tensor, "B C H W"]:
    """Converts 8-bit images to intensities in [0, 1], on `device` and in the model's precision."""
    parameter = next(model.parameters(), None)
    dtype = torch.get_default_dtype() if parameter is None else parameter.dtype
    return images.to(device).to(dtype) / 255
