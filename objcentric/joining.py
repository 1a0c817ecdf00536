"""Putting the distributions of single steps together into one over all slots."""

from collections.abc import Sequence

import torch
from torch.distributions import Distribution, Independent

from objcentric.drafts import Latent


def join_slots(steps: Sequence[Latent]) -> Latent:
    """Joins K latents of one slot each, `(B, 1, D)`, to one of K slots, `(B, K, D)`.

    Raises:
        TypeError: the distributions cannot be joined by joining their parameters.
    """
    sample = torch.cat([step.sample for step in steps], dim=1)
    return Latent(_join([step.distribution for step in steps]), sample)


def _join(distributions: Sequence[Distribution]) -> Distribution:
    first = distributions[0]
    kind = type(first)
    if isinstance(first, Independent):
        inner = [d.base_dist for d in distributions if isinstance(d, Independent)]
        return Independent(_join(inner), first.reinterpreted_batch_ndims, validate_args=False)
    # A distribution given by logits computes its probs lazily: take the ones it was given.
    names = [name for name in first.arg_constraints if name in vars(first)]
    if not names or any(type(d) is not kind for d in distributions):
        kinds = ", ".join(sorted({type(d).__name__ for d in distributions}))
        raise TypeError(
            f"cannot join the steps' distributions ({kinds}): a scheduler that works step by step "
            "needs torch distributions of one kind whose parameters are attributes named in "
            "arg_constraints"
        )
    parameters = {name: torch.cat([getattr(d, name) for d in distributions], 1) for name in names}
    return kind(**parameters, validate_args=False)
