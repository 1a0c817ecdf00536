"""How learning rates change over a training (`rate_factor`)."""

import math
from typing import Literal


def rate_factor(
    epoch: float, *, epochs: float, warmup: float, decay: Literal["none", "cosine"]
) -> float:
    """What all learning rates are multiplied by at one moment.

    It rises linearly from 0 to 1 during the warm-up. With `cosine` it then falls to 0 along half a
    cosine (Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts).

    Args:
        epoch: passes over the training scenes so far, in [0, epochs].
        epochs: of the whole training.
        warmup: epochs of the warm-up; 0 is none.
        decay: what happens after it.

    Returns:
        A factor in [0, 1].
    """
    if epoch < warmup:
        return epoch / warmup
    if decay == "none" or epochs <= warmup:
        return 1.0
    gone = (epoch - warmup) / (epochs - warmup)
    return (1 + math.cos(math.pi * gone)) / 2
