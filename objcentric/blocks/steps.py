"""Proposals collected step by step (`Steps`)."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution, Independent

from objcentric.drafts import Drafts, Latent, Layers
from objcentric.interfaces.perception import Perception
from objcentric.placed import Placed
from objcentric.presence import Presence


class Steps:
    """The proposals of all steps so far, one slot per step.

    Example, in a scheduler:

        steps = Steps()
        for _ in range(self.slots):
            ...
            steps.add(logit, where, what)
        return steps.drafts(OrderedPresence, perception)
    """

    def __init__(self) -> None:
        self.logits: list[Tensor] = []
        self.where: list[Latent] = []
        self.what: list[Latent] = []
        self.layers: list[Layers] = []

    def add(
        self,
        logit: Float[Tensor, "B 1"],
        where: Latent,
        what: Latent,
        layers: Layers | None = None,
    ) -> None:
        """Adds a step: log-odds of presence, where `(B, 1, D)` and what `(B, 1, W)`.

        Args:
            layers: the object in its place, if the step has drawn it; give it in all steps or none.
        """
        self.logits.append(logit)
        self.where.append(where)
        self.what.append(what)
        if layers is not None:
            self.layers.append(layers)

    def drafts(self, presence: type[Presence], perception: Perception) -> Drafts:
        """The proposals of all steps. If the steps have drawn nothing, all objects are drawn now.

        Raises:
            TypeError: the distributions of the steps cannot be joined.
        """
        where, what = join_slots(self.where), join_slots(self.what)
        layers = self._layers() if self.layers else perception.draw(what.sample, where.sample)
        logits = torch.cat(self.logits, dim=1)
        return Drafts(presence(logits, validate_args=False), where, what, layers)

    def _layers(self) -> Layers:
        placed = [layer.placed for layer in self.layers if layer.placed is not None]
        if len(placed) == len(self.layers):
            return Layers.kept(Placed.joined(placed))
        return Layers(
            color=torch.cat([layer.color for layer in self.layers], dim=1),
            alpha=_joined([layer.alpha for layer in self.layers]),
            mask_logits=_joined([layer.mask_logits for layer in self.layers]),
            depth=_joined([layer.depth for layer in self.layers]),
        )


def _joined(maps: Sequence[Tensor | None]) -> Tensor | None:
    drawn = [one for one in maps if one is not None]
    return torch.cat(drawn, dim=1) if drawn else None


def join_slots(steps: Sequence[Latent]) -> Latent:
    """Joins K latents of one slot, `(B, 1, D)`, into one of K slots, `(B, K, D)`.

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
    # A distribution may compute probs from its logits lazily. Join those that it was given.
    names = [name for name in first.arg_constraints if name in vars(first)]
    if not names or any(type(d) is not kind for d in distributions):
        kinds = ", ".join(sorted({type(d).__name__ for d in distributions}))
        raise TypeError(
            f"cannot join the steps' distributions ({kinds}): a scheduler that works step by step "
            "needs torch distributions of one kind whose parameters are attributes named in "
            "arg_constraints"
        )
    parameters = {name: torch.cat([getattr(d, name) for d in distributions], 1) for name in names}
    return kind(**parameters, validate_args=False)  # type: ignore[arg-type]
