"""Presence distributions that are not what they say."""

import torch
from torch.distributions import register_kl

from objcentric.presence import OrderedPresence


class Eager(OrderedPresence):
    """Samples more objects than its probabilities say."""

    def sample(self, sample_shape=()):
        return OrderedPresence(self.logits + 0.4).sample(sample_shape)


class Dear(OrderedPresence):
    """Its KL is a tenth too large."""


@register_kl(Dear, Dear)
def _kl(q, p):
    return 1.1 * torch.distributions.kl_divergence(
        OrderedPresence(q.logits), OrderedPresence(p.logits)
    )
