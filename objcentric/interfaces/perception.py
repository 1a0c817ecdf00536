"""`Perception`, through which a scheduler looks at the image and draws objects."""

from collections.abc import Callable
from copy import copy

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from objcentric.drafts import Appearance, Latent, Layers
from objcentric.errors import ObjcentricError
from objcentric.interfaces.glimpser import Glimpser
from objcentric.interfaces.object_decoder import ObjectDecoder
from objcentric.interfaces.object_encoder import ObjectEncoder
from objcentric.interfaces.renderer import Renderer
from objcentric.placed import Placed

FAR_BELOW = -30.0
"""Mask logit outside a slot's window, so low that its share beside any ordinary logit is 0."""

MUCH_LARGER: float = 16
"""From this ratio of a canvas to a patch, in pixels, objects that add up stay patches. Canvases of
few objects that are only a few times larger are as cheap, and drawn at once."""


def draw_sample(distribution: Distribution) -> Tensor:
    """A reparametrised sample, as used in training."""
    return distribution.rsample()


def take_mean(distribution: Distribution) -> Tensor:
    """The mean, as used in inference."""
    return distribution.mean


class Perception:
    """Looks through the glimpser and the encoder, and draws through the decoder and the glimpser.

    Args:
        glimpser: reads and writes windows.
        encoder: infers what a glimpse shows.
        decoder: draws an object's patch.
        chooser: chooses a value from a posterior.
        renderer: draws objects instead of decoder and glimpser.

    Attributes:
        behind: what the images show behind all objects, `(B, C, H, W)` without gradients; None for
            black. See `before`.
    """

    def __init__(
        self,
        glimpser: Glimpser,
        encoder: ObjectEncoder | None,
        decoder: ObjectDecoder | None,
        chooser: Callable[[Distribution], Tensor] = draw_sample,
        renderer: Renderer | None = None,
    ) -> None:
        self.glimpser = glimpser
        self.encoder = encoder
        self.decoder = decoder
        self.chooser = chooser
        self.renderer = renderer
        self.behind: Tensor | None = None

    def before(self, behind: Float[Tensor, "B C H W"] | None) -> "Perception":
        """The same perception of images that show `behind` behind all objects."""
        perception = copy(self)
        perception.behind = None if behind is None else behind.detach()
        return perception

    def foreground(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        """What there is to explain: the image minus what is behind all objects, in [-1, 1]."""
        return image if self.behind is None else image - self.behind

    @property
    def is_calm(self) -> bool:
        """Whether means are chosen instead of samples, as in inference."""
        return self.chooser is take_mean

    def choose(self, distribution: Distribution) -> Latent:
        """A value of a posterior: a sample in training, the mean in inference."""
        return Latent(distribution, self.chooser(distribution))

    def look(self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K where"]) -> Latent:
        """The what of the objects at `where`, for any number of windows at once.

        Raises:
            ObjcentricError: the model has no encoder.
        """
        return self._recognised(self.glimpser.read(image, where))

    def look_at_each(
        self, images: Float[Tensor, "B K C H W"], where: Float[Tensor, "B K where"]
    ) -> Latent:
        """The same for windows that look at an image each, such as the pixels of one group.

        Raises:
            ObjcentricError: the model has no encoder.
        """
        glimpses = self.glimpser.read(
            rearrange(images, "b k c h w -> (b k) c h w"), rearrange(where, "b k d -> (b k) 1 d")
        )
        return self._recognised(rearrange(glimpses, "(b k) 1 c h w -> b k c h w", b=len(images)))

    def _recognised(self, glimpses: Float[Tensor, "B K c h w"]) -> Latent:
        if self.encoder is None:
            raise ObjcentricError(
                "the scheduler looks through glimpses, but model.encoder is null; name an encoder"
            )
        return self.choose(self.encoder(glimpses))

    def draw(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        """The objects in their places, for any number of slots at once."""
        if self.renderer is not None:
            return self.renderer(what, where)
        assert self.decoder is not None  # the model has one or the other
        appearance = self.decoder(what)
        placed = self._placed(appearance, where)
        if placed is not None:
            return Layers.kept(placed)
        color = self.glimpser.write(appearance.color, where)
        alpha, mask_logits = appearance.alpha, appearance.mask_logits
        return Layers(
            color,
            None if alpha is None else self.glimpser.write(alpha, where),
            None if mask_logits is None else self._written_logits(mask_logits, where),
        )

    def _placed(self, appearance: Appearance, where: Tensor) -> Placed | None:
        """Patches in their places if they add up, are small, and the glimpser can say where."""
        _, height, width = self.glimpser.image_shape
        h, w = appearance.color.shape[-2:]
        covers = appearance.alpha is not None or appearance.mask_logits is not None
        if covers or height * width < MUCH_LARGER * h * w:
            return None
        placement = self.glimpser.placement(where, (h, w))
        return None if placement is None else Placed(appearance.color, placement)

    def _written_logits(
        self, mask_logits: Float[Tensor, "B K 1 h w"], where: Float[Tensor, "B K where"]
    ) -> Float[Tensor, "B K 1 H W"]:
        """Mask logits on the canvas. A glimpser writes 0 outside a window, which would be an
        ordinary logit, so the logit fades to `FAR_BELOW` there."""
        both = torch.cat([mask_logits, torch.ones_like(mask_logits)], dim=2)
        written, covered = self.glimpser.write(both, where).split(1, dim=2)
        return written + FAR_BELOW * (1 - covered)
