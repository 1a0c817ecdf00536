"""The batches of an epoch (`epoch_batches`, `steps_per_epoch`), and a rank's share of them."""

from jaxtyping import Int
from torch import Tensor

from objcentric.across_ranks import rank, world_size
from objcentric.randomness import epoch_order


def steps_per_epoch(scenes: int, batch_size: int) -> int:
    """How many batches of equal size an epoch has, at least one."""
    return max(1, scenes // batch_size)


def epoch_batches(
    seed: int, epoch: int, scenes: int, batch_size: int
) -> Int[Tensor, "steps batch"]:
    """Indices of an epoch's scenes in random order, in batches of equal size.

    All steps have the same shapes. Scenes that fill no whole batch are left out; they are others in
    every epoch, and no scene is seen twice in one. If there are fewer scenes than a batch holds,
    the only batch repeats them.
    """
    order = epoch_order(seed, epoch, scenes)
    steps = steps_per_epoch(scenes, batch_size)
    repeats = -(-steps * batch_size // scenes)  # more than 1 only if scenes do not fill a batch
    return order.repeat(repeats)[: steps * batch_size].view(steps, batch_size)


def share_of(batches: Int[Tensor, "steps batch"]) -> Int[Tensor, "steps share"]:
    """The part of every batch that this process trains on: all of it, if it is the only one.

    All shares have one size, so the mean over ranks of a mean over shares is that over the batch.
    """
    return batches.chunk(world_size(), dim=1)[rank()]
