"""Copies of modules on another device or in another precision."""

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)


def moved(module: Module, to: torch.device | str | Tensor) -> Module:
    """A copy of a module on a device, or on the device and in the precision of a tensor.

    `Module.to` replaces the data of tensors. Tensors without data do not allow that, and they
    cannot be copied either.
    """
    return copy.deepcopy(module, moved_tensors(module, to))


def moved_tensors(module: nn.Module, to: torch.device | str | Tensor) -> dict[int, Tensor]:
    """Moved weights and buffers, by the `id` of the originals: a memo for `copy.deepcopy`."""
    return {id(old): _moved(old, to) for old in (*module.parameters(), *module.buffers())}


def _moved(old: Tensor, to: torch.device | str | Tensor) -> Tensor:
    whole = isinstance(to, Tensor) and not old.is_floating_point()  # keeps its type
    new = old.detach().to(to.device if isinstance(to, Tensor) and whole else to)
    if isinstance(old, nn.Parameter):
        return nn.Parameter(new, requires_grad=old.requires_grad)
    return new
