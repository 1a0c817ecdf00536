"""The likelihood of an image as a function of presence (`DrawnLikelihood`)."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor, Likelihood
from objcentric.model.slot_mixture import SlotMixture


@dataclass(frozen=True)
class DrawnLikelihood:
    """log p(image | layers, presence), up to the likelihood's constant.

    Attributes:
        likelihood: density of an image given a canvas.
        compositor: from layers and presence to a canvas.
        image: intensities in [0, 1].
        layers: the K objects in their places.
    """

    likelihood: Likelihood
    compositor: Compositor
    image: Float[Tensor, "B C H W"]
    layers: Layers

    def log_prob(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Of S presence codes, differentiable in the codes."""
        if self.likelihood.over_slots:
            return self._mixture.log_prob(codes)
        return self.likelihood.log_prob(self.image, self.compositor(self.layers, codes))

    def prefix_log_prob(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Of the first 0, 1, …, K objects, whose codes are given: `log_prob` of these codes, but
        each canvas adds one object to the one before. If patches just add up, there may be no
        canvases at all."""
        if self.likelihood.over_slots:
            return self._mixture.prefix_log_prob(codes)
        if self.compositor.adds and self.layers.placed is not None:
            return self.likelihood.sums_log_prob(self.image, self.layers.placed)
        return self.likelihood.log_prob(self.image, self.compositor.prefixes(self.layers))

    def masks(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K+1 H W"]:
        """How much of each pixel the background and each slot explain; in a mixture over slots,
        now that the pixel is known."""
        if self.likelihood.over_slots:
            return self._mixture.masks(codes)
        return self.compositor.masks(self.layers, codes)

    @property
    def _mixture(self) -> SlotMixture:
        return SlotMixture(self.likelihood, self.compositor, self.image, self.layers)
