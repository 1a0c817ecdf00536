"""Ordered presence from a fixed distribution of the count (`FixedCount`)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.presence import OrderedPresence


class FixedCount(nn.Module):
    """A fixed distribution of the number of objects.

    Args:
        log_probs: log-probabilities of 0…K objects, up to a constant.
    """

    logits: Tensor

    def __init__(self, log_probs: Float[Tensor, " counts"]) -> None:
        super().__init__()
        logits = OrderedPresence.from_counts(log_probs.double()).logits
        # Not part of the state: it follows from the recipe.
        self.register_buffer("logits", logits.to(torch.get_default_dtype()), persistent=False)

    def presence(self) -> OrderedPresence:
        """The presence of K slots; the number of present ones has this distribution."""
        return OrderedPresence(self.logits, validate_args=False)
