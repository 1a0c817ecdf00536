"""Which scenes each step of an epoch learns from."""

from jaxtyping import Int
from torch import Tensor

from objcentric.randomness import epoch_order


def epoch_batches(
    seed: int, epoch: int, scenes: int, batch_size: int
) -> Int[Tensor, "steps batch"]:
    """An epoch's scenes in random order, in batches of one size.

    The last batch is filled up with the scenes that come first in the epoch's own order, as
    `torch.utils.data.DistributedSampler` does: every scene is seen at least once an epoch, and no
    step has a shape of its own.
    """
    order = epoch_order(seed, epoch, scenes)
    steps = -(-scenes // batch_size)
    repeats = -(-steps * batch_size // scenes)  # more than 2 if there are fewer scenes than a batch
    return order.repeat(repeats)[: steps * batch_size].view(steps, batch_size)
