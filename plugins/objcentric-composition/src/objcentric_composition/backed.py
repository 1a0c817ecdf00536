"""Any compositor in front of a background (`Backed`)."""

from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from objcentric.drafts import Layers
from objcentric.interfaces import Background, Compositor
from objcentric_air.sum import Sum
from objcentric_composition.learnt_background import LearntBackground


class Backed(Compositor):
    """Any compositor over a background, which is one more object: the last, opaque and always
    there. A compositor that knows occlusion hides it, one that adds adds to it, and one in which
    slots compete gives it the mask logit 0.

    Args:
        compositor: how objects are put together.
        background: what is behind them.
    """

    default_components: ClassVar = {"compositor": Sum, "background": LearntBackground}

    def __init__(
        self,
        *,
        compositor: Compositor,
        background: Background,
    ) -> None:
        super().__init__()
        self.compositor = compositor
        self.background = background

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return self.compositor(self._in_front(layers), F.pad(presence, (0, 1), value=1.0))

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        inner = self.compositor.masks(self._in_front(layers), F.pad(presence, (0, 1), value=1.0))
        # What the inner compositor leaves, and what the background's own slot explains.
        background = inner[:, :, :1] + inner[:, :, -1:]
        return torch.cat([background, inner[:, :, 1:-1]], dim=2)

    def _in_front(self, layers: Layers) -> Layers:
        """The layers, and behind them the background as one more."""
        behind = self.background().expand_as(layers.color[:, :1])
        color = torch.cat([layers.color, behind], dim=1)
        return Layers(color, _joined(layers.alpha, 1.0), _joined(layers.mask_logits, 0.0))


def _joined(maps: Tensor | None, behind: float) -> Tensor | None:
    """The slots' maps, and behind them one of the background, the same everywhere."""
    return None if maps is None else F.pad(maps, (0, 0, 0, 0, 0, 0, 0, 1), value=behind)
