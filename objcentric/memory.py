"""The machine's memory, and a limit on what tensors may take of it (`limited_memory`)."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_FACTORIES = {torch.empty, torch.zeros, torch.ones, torch.full, torch.rand, torch.randn}

_BYTES = 4
"""Of a number in single precision."""


def machine_memory() -> int:
    """The machine's memory, in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def gibibytes(size: float) -> str:
    """A size for display: `12 GiB`."""
    return f"{size / 2**30:,.3g} GiB" if size < 2**70 else "far more than any machine has"


@contextmanager
def limited_memory(most: float) -> Iterator[None]:
    """Refuses tensors that are larger, together, than the block may make.

    Without this, a system that promises more memory than it has would kill the process, or swap
    until the machine stands still.

    Args:
        most: bytes that the block may ask for.

    Raises:
        MemoryError: the block asks for more.
    """
    with _Limit(most):
        yield


class _Limit(TorchFunctionMode):
    """Adds up what is asked for, before torch reserves it."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self.most = most
        self.asked = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in _FACTORIES:
            self.asked += _BYTES * _numbers(args, kwargs or {})
            if self.asked > self.most:
                raise MemoryError(
                    f"tensors of {gibibytes(self.asked)}, and there is room for "
                    f"{gibibytes(self.most)}"
                )
        return func(*args, **(kwargs or {}))


def _numbers(args: Any, kwargs: Any) -> int:
    """How many numbers a tensor of the given sizes holds."""
    size = kwargs.get("size", args[0] if args and not isinstance(args[0], int) else args)
    sizes = [each for each in size if isinstance(each, int)] if hasattr(size, "__iter__") else []
    return math.prod(sizes)
