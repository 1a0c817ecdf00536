"""A scheduler's proposals (`Drafts`): K objects, each drawn as if it were present."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution
from torch.nn import functional as F

from objcentric.placed import Placed
from objcentric.presence import Presence


@dataclass(frozen=True)
class Latent:
    """A posterior (or prior) over one value per slot, and the sample that was drawn from it.

    Attributes:
        distribution: batch and event shape together are `(B, K, D)`.
        sample: reparametrised, so that gradients flow to the distribution.
    """

    distribution: Annotated[Distribution, "B K D"]
    sample: Float[Tensor, "B K D"]


@dataclass(frozen=True)
class Layers:
    """Objects drawn in their places, each on a canvas of its own.

    Objects that add up may stay patches (`kept`), because their sum needs no canvas of each. Then
    `color` is drawn when somebody first asks for it.

    Attributes:
        color: intensities; 0 outside the object's patch.
        alpha: opacity in [0, 1], for compositors that model occlusion; None if objects add up.
        mask_logits: how strongly the slot claims each pixel, for compositors in which slots
            compete: a slot's share is the softmax over slots. None otherwise.
        behind: what the image shows behind all objects, which the model asks of the compositor;
            None for black. Only compositors with a background look at it.
        depth: each object's distance from the viewer, in any unit, for compositors in which the
            nearer object hides the other. None otherwise.
        placed: the patches that `color` shows, and where they go; None for layers that were drawn.
    """

    color: Float[Tensor, "B K C H W"]
    alpha: Float[Tensor, "B K 1 H W"] | None = None
    mask_logits: Float[Tensor, "B K 1 H W"] | None = None
    behind: Float[Tensor, "B C H W"] | None = None
    depth: Float[Tensor, "B K"] | None = None
    placed: Placed | None = field(default=None, init=False)

    @classmethod
    def kept(cls, placed: Placed, behind: Float[Tensor, "B C H W"] | None = None) -> "Layers":
        """Layers that stay patches: without alpha, mask logits and depth."""
        layers = object.__new__(cls)  # without `color`
        object.__setattr__(layers, "behind", behind)
        object.__setattr__(layers, "placed", placed)
        return layers

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Tensor:
            placed = self.__dict__.get("placed")
            if name != "color" or placed is None:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            color = placed.canvases()
            object.__setattr__(self, "color", color)
            return color

    def before(self, behind: Float[Tensor, "B C H W"] | None) -> "Layers":
        """The same objects in front of `behind`."""
        if self.placed is None:
            return replace(self, behind=behind)
        return Layers.kept(self.placed, behind)

    @property
    def black(self) -> Float[Tensor, "B C H W"]:
        """A black canvas for each image, in single precision at least."""
        precision = torch.promote_types(self.color.dtype, torch.float32)
        return torch.zeros_like(self.color[:, 0], dtype=precision)

    def in_front_of(self, behind: Float[Tensor, "B C H W"]) -> "Layers":
        """These layers and one more, behind the others: opaque, and with mask logit 0."""
        last = rearrange(behind, "b c h w -> b 1 c h w")
        color = torch.cat([self.color, last], dim=1)
        return Layers(
            color,
            _with_last(self.alpha, 1.0),
            _with_last(self.mask_logits, 0.0),
            depth=None if self.depth is None else F.pad(self.depth, (0, 1), value=torch.inf),
        )


def _with_last(maps: Tensor | None, value: float) -> Tensor | None:
    """The slots' maps, and a constant one behind them."""
    return None if maps is None else F.pad(maps, (0, 0, 0, 0, 0, 0, 0, 1), value=value)


@dataclass(frozen=True)
class Appearance:
    """An object in its own patch, before it is placed.

    Attributes:
        color: intensities in [0, 1].
        alpha: opacity in [0, 1]; None for objects without opacity.
        mask_logits: how strongly the object claims each pixel, if slots compete for pixels.
    """

    color: Float[Tensor, "B K C h w"]
    alpha: Float[Tensor, "B K 1 h w"] | None = None
    mask_logits: Float[Tensor, "B K 1 h w"] | None = None


@dataclass(frozen=True)
class Drafts:
    """A scheduler's proposals for a batch of images.

    Attributes:
        presence: q(presence | image) over the K slots, `(B, K)`.
        where: q(where | image) and its sample.
        what: q(what | image) and its sample.
        layers: the K objects in their places.
    """

    presence: Annotated[Presence, "B K"]
    where: Latent
    what: Latent
    layers: Layers
