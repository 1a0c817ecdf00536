"""The likelihood of an image as a function of presence (`DrawnLikelihood`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Compositor, Likelihood


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
        if not self.likelihood.over_slots:
            return self.likelihood.log_prob(self.image, self.compositor(self.layers, codes))
        masks, background = self._components(codes)
        return self.likelihood.mixture_log_prob(self.image, self.layers, masks, background)

    def _mixture_of_prefixes(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        shares = self.compositor.prefix_shares(self.layers)
        if shares is None:  # masks differ with each code
            return self.log_prob(codes)
        background = self.compositor(self.layers, torch.zeros_like(codes[:1]))[0]
        return self.likelihood.prefix_mixture_log_prob(self.image, self.layers, shares, background)

    def masks(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K+1 H W"]:
        """How much of each pixel the background and each slot explain.

        In a mixture over slots it is the posterior share, given the pixel: near an edge, its colour
        says whose it is, which what was drawn only guesses.
        """
        if not self.likelihood.over_slots:
            return self.compositor.masks(self.layers, codes)
        masks, background = self._components(codes)
        return self.likelihood.responsibilities(self.image, self.layers, masks, background)

    def _components(
        self, codes: Float[Tensor, "S B K"]
    ) -> tuple[Float[Tensor, "S B K+1 H W"], Float[Tensor, "S B C H W"]]:
        """Prior share of each pixel by component, and the canvas of an empty scene."""
        background = self.compositor(self.layers, torch.zeros_like(codes))
        return self.compositor.masks(self.layers, codes), background

    def prefix_log_prob(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """Of the first 0, 1, …, K objects, whose codes are given: `log_prob` of these codes, but
        each canvas adds one object to the one before. If patches just add up, there may be no
        canvases at all."""
        if self.likelihood.over_slots:
            return self._mixture_of_prefixes(codes)
        if self.compositor.adds and self.layers.placed is not None:
            return self.likelihood.sums_log_prob(self.image, self.layers.placed)
        return self.likelihood.log_prob(self.image, self.compositor.prefixes(self.layers))
