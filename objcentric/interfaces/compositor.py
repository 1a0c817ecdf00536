"""The interface of compositors, which form a canvas from layers."""

from abc import abstractmethod
from typing import ClassVar

from einops import repeat
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.component import Component
from objcentric.drafts import Layers
from objcentric.masks import additive_masks
from objcentric.presence import unary_codes


class Compositor(Component, nn.Module):
    """Combines the layers of the present objects into a canvas.

    Attributes:
        adds: whether the canvas is Σ_k presence_k color_k and nothing else. Layers that stay
            patches are then never drawn on canvases of their own.
    """

    adds: ClassVar[bool] = False

    @abstractmethod
    def forward(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B C H W"]:
        """The canvas for each of S presence assignments; presence may be relaxed, in [0, 1]."""

    @property
    def reads_image(self) -> bool:
        """Whether what is behind the objects is read off the image, as in `Background`."""
        return False

    def behind(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"] | None:
        """What each image shows behind all objects; None for black.

        Schedulers subtract it from the image (`Perception.foreground`), and `forward` finds it in
        the layers (`Layers.behind`).
        """
        return None

    def prefixes(
        self, layers: Layers, behind: Float[Tensor, "B C H W"] | None = None
    ) -> Float[Tensor, "canvases B C H W"]:
        """The canvases of the first 0, 1, …, K objects, in front of `behind`.

        The same as `forward` with the codes 0…0, 10…0, …, 1…1, where `behind` is one more layer:
        the last one, opaque and always present. That takes (K+1)·K layers. A compositor whose next
        canvas follows from the one before may override it with one pass over K layers.
        """
        codes = unary_codes(layers.color[:, :, 0, 0, 0])
        if behind is not None:
            layers, codes = layers.in_front_of(behind), F.pad(codes, (0, 1), value=1.0)
        return self(layers, repeat(codes, "s k -> s b k", b=len(layers.color)))

    def masks(
        self, layers: Layers, presence: Float[Tensor, "S B K"]
    ) -> Float[Tensor, "S B K+1 H W"]:
        """The share of each pixel that the background (first) and each slot explain.

        Shares are in [0, 1] and add up to 1 over the K+1 masks; an absent slot has 0. By default
        objects add up on black, and an object's share follows from its brightness.
        """
        return additive_masks(layers, presence)

    def prefix_shares(self, layers: Layers) -> Float[Tensor, "B K H W"] | None:
        """Each slot's mask among the first 1, 2, …, K objects, where later objects do not change
        it, as in occlusion from front to back; None if they do.
        """
        return None
