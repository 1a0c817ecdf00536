"""Input values for components."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from objcentric.interfaces import Context
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

SEEN = {"image": "B C H W", "where": "B K D", "what": "B K A"}
"""The inputs of an estimator's networks, with their dimensions."""

Draw = Callable[[str, tuple[int, ...], SceneSpec], Tensor]
"""Gives the values of an input in float64, from its name, its shape and the scene."""


def ordinary(name: str, shape: tuple[int, ...], scene: SceneSpec) -> Tensor:
    """Ordinary values: intensities uniform in [0, 1], where from its default prior, presence 0 or 1
    with equal probability, the rest standard normal."""
    match name:
        case "presence":
            return torch.rand(shape, dtype=torch.float64).round()
        case "where":
            loc, scale = torch.tensor([scene.where.loc, scene.where.scale], dtype=torch.float64)
            return loc + scale * torch.randn(shape, dtype=torch.float64)
        case "what" | "logits" | "mask_logits":
            return torch.randn(shape, dtype=torch.float64)
    return torch.rand(shape, dtype=torch.float64)


def extreme(name: str, shape: tuple[int, ...], scene: SceneSpec) -> Tensor:
    """Extremes: intensities and presence 0 and 1, where and what ±1e3 and ±1e4, log-odds ±50."""
    if name in ("where", "what"):
        sizes = torch.tensor([-1e4, -1e3, 0.0, 1e3, 1e4], dtype=torch.float64)
        return sizes[torch.randint(len(sizes), shape)]
    ends = torch.randint(2, shape).to(torch.float64)
    if name in ("logits", "mask_logits"):
        return 100 * ends - 50
    # A black image and a white one, besides noise of zeros and ones.
    if len(shape) > 1 and shape[0] > 1:
        ends[0], ends[1] = 0.0, 1.0
    return ends


def in_bfloat16(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Inputs that a network may have made under autocast, in bfloat16; the image is data."""
    return {
        name: value if name == "image" else value.detach().bfloat16().requires_grad_()
        for name, value in inputs.items()
    }


def start(device: torch.device | str = "cpu") -> Progress:
    """The start of a training of ten epochs."""
    return Progress.at(0.0, epochs=10.0, device=device)


def context_for(
    inputs: Mapping[str, Tensor], prior: Tensor, kind: type[Presence] = OrderedPresence
) -> Context:
    """The context of an estimator at the start of training."""
    details = {name: inputs[name].detach() for name in ("image", "where", "what")}
    return Context(prior=kind(prior, validate_args=False), progress=start(prior.device), **details)
