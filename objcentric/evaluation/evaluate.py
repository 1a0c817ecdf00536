"""The loop over metrics."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from objcentric.interfaces import Figure, Judged, Metric, SceneModel, Scenes
from objcentric.randomness import own_noise

NOISE_SEED = 0
"""Bounds are sampled: with the same noise each time, so that figures can be made again."""


def fitting(metrics: Sequence[Metric], model: SceneModel, scenes: Scenes) -> list[Metric]:
    """The metrics that suit a model and what is known of some scenes."""
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
    """Judges a model by scenes, as it would be at the end of every schedule.

    Args:
        model: on `device`.
        scenes: with what is known of their objects.
        metrics: those that suit neither the model nor the scenes are left out.
        device: where to compute.
        batch_size: images at once; figures depend on it by rounding and by the noise of the bounds.

    Returns:
        Figures by the metrics' keys.
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
    """What each metric has added up over all batches, on the CPU."""
    totals: dict[str, dict[str, Tensor]] = {}
    for index in torch.arange(len(scenes)).split(batch_size):
        image = unit_images(scenes.images[index], model, device)
        judged = Judged(model, image, scenes.at(index).to(device), model.infer(image))
        for metric in metrics:
            batch = metric.measure(judged)
            before = totals.get(metric.key)
            totals[metric.key] = batch if before is None else metric.combine(before, batch)
    return {
        key: {name: value.cpu() for name, value in total.items()} for key, total in totals.items()
    }


def unit_images(
    images: UInt8[Tensor, "B C H W"], model: SceneModel, device: torch.device
) -> Float[Tensor, "B C H W"]:
    """8-bit images as intensities in [0, 1], on the device and in the precision of the model."""
    parameter = next(model.parameters(), None)
    dtype = torch.get_default_dtype() if parameter is None else parameter.dtype
    return images.to(device).to(dtype) / 255
