"""Several processes that train one model, called ranks: sums over them, and what one does for all.

With one process, every function here is the identity. With several, all of them have to call it,
in the same order: those that do wait for those that do not.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import torch
from jaxtyping import Shaped
from torch import Tensor, distributed

T = TypeVar("T")


class AnotherRankFailed(Exception):
    """Rank 0 has failed and says why, so this rank ends without a word."""


def world_size() -> int:
    """How many processes train the model."""
    return distributed.get_world_size() if _is_joined() else 1


def rank() -> int:
    """The number of this process among them, from 0."""
    return distributed.get_rank() if _is_joined() else 0


def sum_across_ranks(values: Shaped[Tensor, "..."]) -> Shaped[Tensor, "..."]:
    """The sum over all ranks, without gradients. `values` itself does not change.

    A component that remembers something about batches sums over ranks before it divides, so that
    it remembers the whole batch and not one rank's share of it. It does so in training only:
    evaluation is up to rank 0 alone.

        total, number = sum_across_ranks(torch.stack([signal.sum(), reached.sum()]))
        mean = total / number

    Args:
        values: of the same shape and dtype on all ranks.
    """
    if world_size() == 1:
        return values
    total = values.detach().clone()
    distributed.all_reduce(total)
    return total


def any_rank(flag: bool) -> bool:
    """Whether the flag is set on at least one rank."""
    if world_size() == 1:
        return flag
    return bool(sum_across_ranks(torch.tensor(float(flag), device=_device())) > 0)


def from_all_ranks(value: T) -> list[T]:
    """What each rank says, in their order."""
    if world_size() == 1:
        return [value]
    said: list[Any] = [None] * world_size()
    distributed.all_gather_object(said, value)
    return said


def from_first_rank(task: Callable[[], T]) -> T:
    """What a task returns that rank 0 does while the others wait. The value is copied to them.

        path = from_first_rank(make_folder)

    Raises:
        AnotherRankFailed: on all ranks but 0, if the task raised anything there.
    """
    if world_size() == 1:
        return task()
    answer: list[Any] = [None, False]
    if rank() == 0:
        try:
            answer = [task(), True]
        except BaseException:
            with suppress(RuntimeError):  # the others may be gone
                distributed.broadcast_object_list(answer)
            raise
    distributed.broadcast_object_list(answer)
    value, is_done = answer
    if not is_done:
        raise AnotherRankFailed
    return value


def on_first_rank(task: Callable[[], T]) -> T | None:
    """What a task returns that rank 0 does while the others wait; None on the others.

    Raises:
        AnotherRankFailed: on all ranks but 0, if the task raised anything there.
    """
    kept: list[T] = []
    from_first_rank(lambda: kept.append(task()))
    return kept[0] if kept else None


def told_by_first_rank(error: Exception) -> Exception:
    """An error that all ranks are about to raise at the same step, in the words of rank 0 alone."""
    return error if rank() == 0 else AnotherRankFailed()


def is_lost_connection(error: BaseException) -> bool:
    """Whether an error means that another rank has ended."""
    if world_size() == 1 or not isinstance(error, RuntimeError):
        return False
    words = ("gloo", "NCCL", "Connection closed by peer", "Connection reset by peer")
    return isinstance(error, distributed.DistError) or any(word in str(error) for word in words)


def _is_joined() -> bool:
    return distributed.is_available() and distributed.is_initialized()


def _device() -> str:
    """The kind of device whose tensors the ranks exchange."""
    return "cuda" if distributed.get_backend() == "nccl" else "cpu"
