"""The optimiser: making it with rates per component, clipping, saving and restoring its state."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, Optimizer, RMSprop

from objcentric.errors import ObjcentricError
from objcentric.recipe.options import TrainingOptions


def make_optimizer(
    model: nn.Module,
    options: TrainingOptions,
    rates: Mapping[str, float],
    *,
    capturable: bool = False,
) -> Optimizer:
    """The optimiser of the options, with one parameter group per learning rate.

    Args:
        model: the model whose trainable parameters are optimised.
        options: the kind of optimiser, its momentum, and the learning rate of parameters that no
            path in `rates` matches.
        rates: other learning rates, by component path. The longest path that matches a parameter
            decides; the empty path matches all.
        capturable: whether all that a step reads is on the device of the parameters, learning rates
            included, so that a CUDA graph can hold the step. `set_rates` changes them.

    Raises:
        ObjcentricError: the first part of a path is no component of the model.
    """
    _check_paths(model, rates)
    groups: dict[float, list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            fitting = [path for path in rates if _fits(path, name)]
            rate = rates[max(fitting, key=len)] if fitting else options.lr
            groups.setdefault(rate, []).append(parameter)
    by_rate: list[dict[str, Any]] = [
        {"params": group, "lr": _on_device(rate, group[0]) if capturable else rate}
        for rate, group in groups.items()
    ]
    if options.optimizer == "rmsprop":
        own = {"capturable": True, "foreach": True} if capturable else {}
        return RMSprop(by_rate, momentum=options.momentum, **own)
    if options.optimizer == "sgd":  # only the fused one takes a rate on the device
        return SGD(by_rate, momentum=options.momentum, fused=True if capturable else None)
    return Adam(by_rate, fused=True)  # which keeps its step counts on the device


def set_rates(optimizer: Optimizer, rates: Sequence[float]) -> None:
    """Gives each group its learning rate; one on the device is filled in place."""
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def idle_paths(model: nn.Module, rates: Mapping[str, float]) -> list[str]:
    """The paths in `rates` that match no parameter: after a swap, a component may have none."""
    names = [name for name, _ in model.named_parameters()]
    return [path for path in rates if not any(_fits(path, name) for name in names)]


def clip_gradients(optimizer: Optimizer, norm: float) -> None:
    """Clips the gradient norm of each learning-rate group separately."""
    for group in optimizer.param_groups:
        nn.utils.clip_grad_norm_(group["params"], norm)


def optimizer_state(model: nn.Module, optimizer: Optimizer) -> dict[str, Tensor]:
    """The optimiser's moments and step counts as `{parameter}/{moment}`."""
    return {
        f"{name}/{key}": value
        for name, parameter in model.named_parameters()
        if parameter in optimizer.state
        for key, value in optimizer.state[parameter].items()
        if value is not None  # SGD keeps None where it has no momentum
    }


def restore_optimizer_state(
    model: nn.Module, optimizer: Optimizer, state: Mapping[str, Tensor]
) -> None:
    """Restores what `optimizer_state` returned; the optimiser keeps its own learning rates."""
    moments: dict[str, dict[str, Tensor]] = {}
    for path, value in state.items():
        name, key = path.rsplit("/", 1)
        moments.setdefault(name, {})[key] = value
    name_of = {parameter: name for name, parameter in model.named_parameters()}
    ordered = [p for group in optimizer.param_groups for p in group["params"]]
    whole = optimizer.state_dict()
    whole["state"] = {
        index: moments[name_of[parameter]]
        for index, parameter in enumerate(ordered)
        if name_of[parameter] in moments
    }
    optimizer.load_state_dict(whole)


def _on_device(rate: float, parameter: Tensor) -> Tensor:
    # The fused kernels of CUDA read rates as float32, whatever the parameters are.
    return torch.tensor(rate, dtype=torch.float32, device=parameter.device)


def _fits(path: str, name: str) -> bool:
    return path in ("", name) or name.startswith(f"{path}.")


def _check_paths(model: nn.Module, rates: Mapping[str, float]) -> None:
    components = [name for name, _ in model.named_children()]
    for path in rates:
        component = path.split(".", 1)[0]
        if path and component not in components:
            near = get_close_matches(component, components, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ObjcentricError(
                f"learning rates: {path!r} names no component{hint} "
                f"(components: {', '.join(components)})"
            )
