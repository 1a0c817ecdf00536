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

    Raises:
        ValueError: layers without `behind` are composed, but the background is read off the image.
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

    @property
    def reads_image(self) -> bool:
        return self.background.reads_image

    def behind(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        return self.background(image)

    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        return self.compositor(self._in_front(layers), F.pad(presence, (0, 1), value=1.0))

    def prefixes(
        self, layers: Layers, behind: Float[Tensor, "B C H W"] | None = None
    ) -> Float[Tensor, "canvases B C H W"]:
        if behind is not None:  # two backgrounds, of which the inner compositor knows one
            return super().prefixes(layers, behind)
        return self.compositor.prefixes(layers, self._behind(layers))

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        inner = self.compositor.masks(self._in_front(layers), F.pad(presence, (0, 1), value=1.0))
        # The share that the inner compositor leaves, and that of the background's own slot.
        background = inner[:, :, :1] + inner[:, :, -1:]
        return torch.cat([background, inner[:, :, 1:-1]], dim=2)

    def prefix_shares(self, layers: Layers) -> Float[Tensor, "B K H W"] | None:
        return self.compositor.prefix_shares(layers)

    def _in_front(self, layers: Layers) -> Layers:
        return layers.in_front_of(self._behind(layers))

    def _behind(self, layers: Layers) -> Float[Tensor, "B C H W"]:
        if layers.behind is not None:
            return layers.behind
        if self.reads_image:
            raise ValueError(
                f"{type(self.background).__name__} is read off an image, which is not known here; "
                "give the layers what is behind them: layers.before(backed.behind(image))"
            )
        return self.background(layers.color[:, 0])
