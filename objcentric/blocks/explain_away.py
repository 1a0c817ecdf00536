"""The inference loop over what is not explained yet (`explain_away`)."""

from collections.abc import Callable
from typing import TypeVar

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from objcentric.blocks.step_network import as_previous
from objcentric.blocks.steps import Steps
from objcentric.drafts import Drafts, Layers
from objcentric.interfaces.perception import Perception
from objcentric.presence import OrderedPresence

State = TypeVar("State")
Propose = Callable[[Tensor, Tensor, State], tuple[Tensor, Distribution, State]]
"""From the rest of the image, the previous object and the state, gives the log-odds of presence
`(B, 1)` and q(where) `(B, 1, D)` of the next slot, and the next state."""


def explain_away(
    propose: Propose[State],
    start: tuple[Tensor, State],
    image: Float[Tensor, "B C H W"],
    perception: Perception,
    slots: int,
    *,
    glimpsed: Float[Tensor, "B C H W"] | None = None,
    occlude: bool = False,
    drew: Callable[[Layers], None] | None = None,
) -> Drafts:
    """Proposes one object per step from the image minus what earlier steps drew (the idea of DAIR).

    What is left is counted from what is behind all objects (`Perception.foreground`). No gradient
    flows through the difference.

    Args:
        propose: proposes the next object.
        start: the previous object, as the first step sees it, and the first state.
        image: intensities in [0, 1].
        perception: looks, draws and chooses.
        slots: K.
        glimpsed: what windows are read from; by default the image itself.
        occlude: whether earlier objects hide later ones by their alpha, as in the compositor
            `over`. Otherwise each object counts as drawn where another one hides it.
        drew: called with what each step has drawn.
    """
    left = perception.foreground(image)
    glimpsed = image if glimpsed is None else glimpsed
    uncovered = torch.ones_like(image[:, :1])
    previous, state = start
    steps = Steps()
    for _ in range(slots):
        logit, where_posterior, state = propose(left, previous, state)
        where = perception.choose(where_posterior)  # (B, 1, D)
        what = perception.look(glimpsed, where.sample)  # (B, 1, W)
        layer = perception.draw(what.sample, where.sample)
        if layer.placed is not None:
            left = left.clone()
            layer.placed.subtract_from_(left)
        else:
            shown = drawn(layer, perception.behind)
            if occlude and layer.alpha is not None:
                shown = uncovered * shown
                uncovered = uncovered * (
                    1 - rearrange(layer.alpha, "b 1 1 h w -> b 1 h w").detach()
                )
            left = left - shown
        if drew is not None:
            drew(layer)
        previous = as_previous(where.sample, what.sample)
        steps.add(logit, where, what, layer)
    return steps.drafts(OrderedPresence, perception)


def drawn(
    layer: Layers, behind: Float[Tensor, "B C H W"] | None = None
) -> Float[Tensor, "B C H W"]:
    """What one slot's layer adds to the canvas if nothing hides it, without gradients.

    An object with an opacity or a mask covers what is behind it: it adds the difference. If slots
    compete, its share is that against one other slot with mask logit 0.
    """
    color = layer.color
    covers = layer.alpha is not None or layer.mask_logits is not None
    if covers and behind is not None:
        color = color - rearrange(behind, "b c h w -> b 1 c h w")
    if layer.alpha is not None:
        color = color * layer.alpha
    if layer.mask_logits is not None:
        color = color * torch.sigmoid(layer.mask_logits)
    return rearrange(color, "b 1 c h w -> b c h w").detach()
