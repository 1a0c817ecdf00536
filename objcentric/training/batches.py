"""The batches of an epoch (`epoch_batches`)."""

from jaxtyping import Int
from torch import Tensor

from objcentric.randomness import epoch_order


def epoch_batches(
    seed: int, epoch: int, scenes: int, batch_size: int
) -> Int[Tensor, "steps batch"]:
    """Indices of an epoch's scenes in random order, in batches of equal size.

    The last batch is filled up with the first scenes of the epoch, as in
    `torch.utils.data.DistributedSampler`. Every scene is seen at least once per epoch, and all
    steps have the same shapes.
    """
    order = epoch_order(seed, epoch, scenes)
    steps = -(-scenes // batch_size)
    repeats = -(-steps * batch_size // scenes)  # more than 2 if there are fewer scenes than a batch
    return order.repeat(repeats)[: steps * batch_size].view(steps, batch_size)
