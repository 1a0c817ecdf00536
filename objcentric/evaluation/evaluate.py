"""The figures that a model is judged by."""

from typing import Any

import torch
from einops import reduce
from jaxtyping import Float, Int
from torch import Tensor

from objcentric.evaluation.box_iou import pairwise_iou
from objcentric.evaluation.ink_enclosed import ink_enclosed
from objcentric.evaluation.matching import matched_sum
from objcentric.interfaces import Scenes
from objcentric.model.wired_model import WiredModel
from objcentric.objective import Inference
from objcentric.progress import Progress
from objcentric.randomness import own_noise

NOISE_SEED = 0
"""Bounds are sampled: with the same noise each time, so that figures can be made again."""


@torch.no_grad()
def evaluate(
    model: WiredModel, scenes: Scenes, device: torch.device, batch_size: int = 250
) -> dict[str, Any]:
    """Judges a model by scenes, as it would be at the end of every schedule.

    Args:
        model: on `device`.
        scenes: with what is known of their objects.
        device: where to compute.
        batch_size: images at once; figures depend on it by rounding and by the noise of the bounds.

    Returns:
        `count_accuracy` in [0, 1]; `elbo` and `nll` in nats an image, constants in; `mse` a pixel
        of the most probable canvas; `box_iou`, and `ink_enclosed`, the share of an object that its
        own window shows, both means over true objects, missed ones counting 0 (None without
        objects); `slot_usage`, how often each slot is present; `confusion`, scenes
        by true count (rows) and found count (columns).
    """
    was_training = model.training
    model.eval()
    try:
        with own_noise(NOISE_SEED, device):
            return _figures(model, scenes, device, batch_size)
    finally:
        model.train(was_training)


def _figures(
    model: WiredModel, scenes: Scenes, device: torch.device, batch_size: int
) -> dict[str, Any]:
    sums: dict[str, Tensor] = {}
    found = []
    usage = []
    for index in torch.arange(len(scenes)).split(batch_size):
        image = unit_images(scenes.images[index], model, device)
        inference = model.infer(image)
        bound = model.bound(image, Progress.finished())
        batch = {
            "elbo": bound.elbo.double().sum(),
            "nll": bound.nll.double().sum(),
            "mse": reduce((inference.canvas - image).double() ** 2, "b c h w -> b", "mean").sum(),
            **_windows(image, inference, scenes, index),
        }
        sums = {name: sums.get(name, 0) + value for name, value in batch.items()}
        found.append(inference.counts.round().long().cpu())
        usage.append(inference.presence.double().sum(0))
    return _collect(
        scenes,
        {name: value.item() for name, value in sums.items()},
        torch.cat(found),
        (torch.stack(usage).sum(0) / len(scenes)).tolist(),
    )


def _collect(
    scenes: Scenes, sums: dict[str, float], found: Int[Tensor, " N"], usage: list[float]
) -> dict[str, Any]:
    n = len(scenes)
    objects = int(scenes.counts.sum())
    true = scenes.counts.long().cpu()
    table = torch.zeros(scenes.boxes.shape[1] + 1, len(usage) + 1, dtype=torch.long)
    table.index_put_((true, found), torch.ones_like(found), accumulate=True)
    return {
        "count_accuracy": (found == true).double().mean().item(),
        "elbo": sums["elbo"] / n,
        "nll": sums["nll"] / n,
        "mse": sums["mse"] / n,
        "box_iou": sums["box_iou"] / objects if objects else None,
        "ink_enclosed": sums["ink_enclosed"] / objects if objects else None,
        "slot_usage": usage,
        "confusion": table.tolist(),
    }


def unit_images(
    images: Tensor, model: WiredModel, device: torch.device
) -> Float[Tensor, "B C H W"]:
    """8-bit images as intensities in [0, 1], on the device and in the precision of the model."""
    parameter = next(model.parameters(), None)
    dtype = torch.get_default_dtype() if parameter is None else parameter.dtype
    return images.to(device).to(dtype) / 255


def _windows(
    image: Float[Tensor, "B C H W"], inference: Inference, scenes: Scenes, index: Int[Tensor, " B"]
) -> dict[str, Float[Tensor, ""]]:
    """How well windows fit objects, summed over the objects of a batch."""
    true = scenes.boxes[index].to(inference.boxes)
    objects = true.shape[1]
    exists = torch.arange(objects) < scenes.counts[index].cpu().unsqueeze(1)
    present, exists = inference.presence > 0.5, exists.to(true.device)
    segmentation = scenes.segmentation[index].to(true.device).int()
    scores = {
        "box_iou": pairwise_iou(inference.boxes, true),
        "ink_enclosed": ink_enclosed(image, segmentation, inference.boxes, objects),
    }
    return {
        name: matched_sum(score, present, exists).double().sum() for name, score in scores.items()
    }
