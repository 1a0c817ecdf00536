"""A scheduler's proposals (`Drafts`): K objects, each drawn as if it were present."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from objcentric.presence import Presence


@dataclass(frozen=True)
class Latent:
    """A posterior (or prior) over one value per slot, and the sample that was drawn from it.

    Attributes:
        distribution: batch and event shape together are `(B, K, D)`.
        sample: reparametrised, so that gradients flow to the distribution.
    """

    distribution: Distribution
    sample: Float[Tensor, "B K D"]


@dataclass(frozen=True)
class Layers:
    """Objects drawn in their places, each on a canvas of its own.

    Attributes:
        color: intensities; 0 outside the object's patch.
        alpha: opacity in [0, 1], for compositors that model occlusion; None if objects add up.
        mask_logits: how strongly the slot claims each pixel, for compositors in which slots
            compete: a slot's share is the softmax over slots. None otherwise.
        depth: each object's distance from the viewer, in any unit, for compositors in which the
            nearer object hides the other. None otherwise.
    """

    color: Float[Tensor, "B K C H W"]
    alpha: Float[Tensor, "B K 1 H W"] | None = None
    mask_logits: Float[Tensor, "B K 1 H W"] | None = None
    depth: Float[Tensor, "B K"] | None = None


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

    presence: Presence
    where: Latent
    what: Latent
    layers: Layers
