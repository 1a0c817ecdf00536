"""Values to give to components."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from objcentric.interfaces import Context
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec

SEEN = {"image": "B C H W", "where": "B K D", "what": "B K A"}
"""What the networks of an estimator see, with its dimensions."""

Draw = Callable[[str, tuple[int, ...], SceneSpec], Tensor]
"""From the name of an input, its shape and the scene to values of it, in float64."""


def ordinary(name: str, shape: tuple[int, ...], scene: SceneSpec) -> Tensor:
    """Values as they occur: intensities uniform in [0, 1], where from its default prior, presence a
    fair coin, the rest standard normal."""
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
    """The ends: intensities and presence 0 and 1, where and what ±1e3 and ±1e4, log-odds ±50."""
    if name in ("where", "what"):
        sizes = torch.tensor([-1e4, -1e3, 0.0, 1e3, 1e4], dtype=torch.float64)
        return sizes[torch.randint(len(sizes), shape)]
    ends = torch.randint(2, shape).to(torch.float64)
    if name in ("logits", "mask_logits"):
        return 100 * ends - 50
    # Besides noise of zeros and ones, a black image and a white one.
    if len(shape) > 1 and shape[0] > 1:
        ends[0], ends[1] = 0.0, 1.0
    return ends


def in_bfloat16(inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Everything that a network may have made under autocast; the image is data."""
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
    """What an estimator's networks may look at, at the start of training."""
    details = {name: inputs[name].detach() for name in ("image", "where", "what")}
    return Context(prior=kind(prior, validate_args=False), progress=start(prior.device), **details)
