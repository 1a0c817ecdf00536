"""A stand-in for CUDA graphs that works on a CPU (`RecordedCapture`)."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from objcentric.training.engines.capture import Capture, NotCapturable

WAITING = {"_local_scalar_dense", "nonzero", "masked_select", "_unique2", "equal"}
"""Operations of torch after which the host knows a value of the device."""


class RecordedCapture(Capture):
    """Captures the operations of a step, and replays them on the very tensors of the capture.

    As with a CUDA graph, no line of Python runs again: a number that was not in a tensor keeps its
    value, a tensor that was replaced is written in vain, and nothing may ask for a value. Unlike
    a CUDA graph, this one also runs the operations when they are captured; so what they did is
    undone.

    Args:
        state: all tensors that a step changes.
    """

    def __init__(self, state: Callable[[], list[Tensor]]) -> None:
        self.state = state
        self.replays = 0

    def warm_up(self, step: Callable[[], None], *, strictly: bool) -> None:
        with _Recording() if strictly else torch.enable_grad():
            step()

    def capture(self, step: Callable[[], None]) -> Callable[[], None]:
        kept = [(tensor, tensor.detach().clone()) for tensor in self.state()]
        noise, recording = torch.get_rng_state(), _Recording()
        with recording:
            step()
        torch.set_rng_state(noise)
        with torch.no_grad():
            for tensor, value in kept:
                tensor.copy_(value)

        def replay() -> None:
            self.replays += 1
            recording.replay()

        return replay


class _Recording(TorchDispatchMode):
    """Records operations with the tensors that they read and wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func.overloadpacket.__name__ in WAITING:
            raise NotCapturable(f"{func} waits for the device")
        out = func(*args, **(kwargs or {}))
        self.calls.append((func, args, kwargs or {}, out))
        return out

    def replay(self) -> None:
        with torch.no_grad():
            for func, args, kwargs, out in self.calls:
                if func._schema.is_mutable:
                    func(*args, **kwargs)
                elif not any(alias.alias_info for alias in func._schema.returns):  # no view
                    again = func(*args, **kwargs)
                    for old, new in zip(tree_leaves(out), tree_leaves(again), strict=True):
                        if isinstance(old, Tensor):
                            old.detach().copy_(new)
