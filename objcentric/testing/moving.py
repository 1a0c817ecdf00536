"""Copies of modules in another place."""

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)


def moved(module: Module, to: torch.device | str | Tensor) -> Module:
    """A copy of a module on a device, or on the device and in the precision of a tensor.

    `Module.to` exchanges what is inside of tensors, which those without content do not allow; nor
    are they copied.
    """
    return copy.deepcopy(module, moved_tensors(module, to))


def moved_tensors(module: nn.Module, to: torch.device | str | Tensor) -> dict[int, Tensor]:
    """Weights and buffers in another place, by the `id` of those in the module: what
    `copy.deepcopy` puts in their stead."""
    return {id(old): _moved(old, to) for old in (*module.parameters(), *module.buffers())}


def _moved(old: Tensor, to: torch.device | str | Tensor) -> Tensor:
    whole = isinstance(to, Tensor) and not old.is_floating_point()  # keeps its type
    new = old.detach().to(to.device if isinstance(to, Tensor) and whole else to)
    if isinstance(old, nn.Parameter):
        return nn.Parameter(new, requires_grad=old.requires_grad)
    return new
