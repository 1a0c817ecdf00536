"""A scheduler's eye and hand."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Distribution

from objcentric.drafts import Latent, Layers
from objcentric.errors import ObjcentricError
from objcentric.interfaces.glimpser import Glimpser
from objcentric.interfaces.object_decoder import ObjectDecoder
from objcentric.interfaces.object_encoder import ObjectEncoder
from objcentric.interfaces.renderer import Renderer

FAR_BELOW = -30.0
"""Mask logit outside of a slot's window: next to any ordinary one, its share is 0."""


def draw_sample(distribution: Distribution) -> Tensor:
    """A reparametrised sample: what training uses."""
    return distribution.rsample()


def take_mean(distribution: Distribution) -> Tensor:
    """The mean: what inference reports."""
    return distribution.mean


class Perception:
    """Looks through the glimpser and the encoder, draws through the decoder and the glimpser.

    Args:
        glimpser: where to look and to draw.
        encoder: what a glimpse shows.
        decoder: what an object looks like.
        chooser: how a value is chosen from a posterior.
        renderer: draws objects in place of decoder and glimpser.
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

    @property
    def is_calm(self) -> bool:
        """Whether nothing is to be left to chance: inference, not training."""
        return self.chooser is take_mean

    def choose(self, distribution: Distribution) -> Latent:
        """A value of a posterior: sampled in training, the mean in inference."""
        return Latent(distribution, self.chooser(distribution))

    def look(self, image: Float[Tensor, "B C H W"], where: Float[Tensor, "B K where"]) -> Latent:
        """What there is at `where`, for any number of windows at once.

        Raises:
            ObjcentricError: the model has no encoder.
        """
        if self.encoder is None:
            raise ObjcentricError(
                "the scheduler looks through glimpses, and model.encoder is null; name an encoder"
            )
        return self.choose(self.encoder(self.glimpser.read(image, where)))

    def draw(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        """The objects in their places, for any number of them at once."""
        if self.renderer is not None:
            return self.renderer(what, where)
        assert self.decoder is not None  # the model has one or the other
        appearance = self.decoder(what)
        color = self.glimpser.write(appearance.color, where)
        alpha, mask_logits = appearance.alpha, appearance.mask_logits
        return Layers(
            color,
            None if alpha is None else self.glimpser.write(alpha, where),
            None if mask_logits is None else self._written_logits(mask_logits, where),
        )

    def _written_logits(
        self, mask_logits: Float[Tensor, "B K 1 h w"], where: Float[Tensor, "B K where"]
    ) -> Float[Tensor, "B K 1 H W"]:
        """A glimpser writes 0 outside of a window, which as a logit would be a claim like others:
        there the logit fades to `FAR_BELOW`."""
        both = torch.cat([mask_logits, torch.ones_like(mask_logits)], dim=2)
        written, covered = self.glimpser.write(both, where).split(1, dim=2)
        return written + FAR_BELOW * (1 - covered)
