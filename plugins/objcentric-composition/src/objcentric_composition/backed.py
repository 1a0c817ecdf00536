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
    """Any compositor in front of a background.

    The background is one more object: the last one, opaque and always present. A compositor with
    occlusion hides it behind the others, an additive one adds to it, and in one where slots compete
    its mask logit is 0.

    Args:
        compositor: combines the layers.
        background: the image behind all objects.
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
        # The share that the inner compositor leaves, and that of the background's own slot.
        background = inner[:, :, :1] + inner[:, :, -1:]
        return torch.cat([background, inner[:, :, 1:-1]], dim=2)

    def _in_front(self, layers: Layers) -> Layers:
        """The layers with the background as one more, behind the others."""
        behind = self.background().expand_as(layers.color[:, :1])
        color = torch.cat([layers.color, behind], dim=1)
        depth = layers.depth
        return Layers(
            color,
            _joined(layers.alpha, 1.0),
            _joined(layers.mask_logits, 0.0),
            None if depth is None else F.pad(depth, (0, 1), value=torch.inf),
        )


def _joined(maps: Tensor | None, behind: float) -> Tensor | None:
    """The slots' maps with a constant one for the background behind them."""
    return None if maps is None else F.pad(maps, (0, 0, 0, 0, 0, 0, 0, 1), value=behind)
