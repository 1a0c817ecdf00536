"""A scene so small that all presence codes can be enumerated (`SmallScene`)."""

from dataclasses import dataclass, replace
from itertools import product

import torch
from einops import einsum, rearrange, repeat
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Context, Cost, CostFunction, GradientEstimator
from objcentric.presence import Presence
from objcentric.progress import Progress
from objcentric.scene import RequestedScene
from objcentric.testing.partners.window import Window

SCENE = RequestedScene((1, 2, 3), objects=3, what_dim=2, glimpse=2).settled(Window.where_spec)
PRICE = 0.3
MAX_TUPLES = 50_000
"""Largest number of tuples of codes that is enumerated."""


@dataclass(frozen=True)
class Gradients:
    """Gradients of the sum of all images' losses.

    Attributes:
        logits: gradient for the log-odds of the presence posterior, `(B, K)`.
        layers: gradient for the layers from which the cost is computed, `(B, K, P)`.
        prior: gradient for the log-odds of the presence prior, one copy per image, `(B, K)`.
    """

    logits: Tensor
    layers: Tensor
    prior: Tensor

    def flat(self, images: int) -> Float[Tensor, "N gradients"]:
        """One row per repetition of the scene's images."""
        parts = (self.logits, self.layers, self.prior)
        return torch.cat([rearrange(p, "(n b) ... -> n (b ...)", b=images) for p in parts], 1)


@dataclass(frozen=True)
class SmallScene:
    """Images of six pixels, made of three layers, in float64.

    The cost of a code is ½|image - tanh(Σ present layers)|² plus 0.3 per object. It is not linear
    in any decision, so an estimator that assumes linearity is biased.
    """

    kind: type[Presence]
    image: Float[Tensor, "B 1 2 3"]
    logits: Float[Tensor, "B K"]
    layers: Float[Tensor, "B K P"]
    prior: Float[Tensor, " K"]

    @classmethod
    def make(cls, kind: type[Presence], images: int = 2, seed: int = 3) -> "SmallScene":
        """The scene of a seed."""
        chance = torch.Generator().manual_seed(seed)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=chance, dtype=torch.float64)

        slots = SCENE.slots
        image, layers = normal(images, *SCENE.image_shape), normal(images, slots, 6)
        return cls(kind, image, normal(images, slots), layers, normal(slots))

    def __len__(self) -> int:
        return len(self.image)

    def repeated(self, times: int) -> "SmallScene":
        """The same scene, repeated in one batch."""
        image, logits, layers = (
            repeat(tensor, "b ... -> (n b) ...", n=times)
            for tensor in (self.image, self.logits, self.layers)
        )
        return replace(self, image=image, logits=logits, layers=layers)

    def cost(self, layers: Float[Tensor, "B K P"]) -> Cost:
        """The cost of presence codes, given the layers."""
        image = rearrange(self.image, "b c h w -> b (c h w)")

        def cost(codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
            canvas = torch.tanh(einsum(codes, layers, "s b k, b k p -> s b p"))
            return (image - canvas).square().sum(-1) / 2 + PRICE * codes.sum(-1)

        return CostFunction(cost)

    def context(self, prior: Presence) -> Context:
        """The inputs of an estimator's networks."""
        where = repeat(self.logits, "b k -> b k d", d=SCENE.where_dim)
        what = self.layers[..., : SCENE.what_dim]
        return Context(self.image, where, what, prior, Progress.at(0.0, epochs=1.0))

    def gradients(self, estimator: GradientEstimator) -> tuple[Gradients, int]:
        """The gradients that an estimator returns, and the number of codes per image."""
        logits, layers, prior = leaves = self._leaves()
        context = self.context(self.kind(prior))
        estimate = estimator(self.kind(logits), self.cost(layers), context)
        loss = estimate.loss * len(self)  # the loss is a mean over independent images
        found = torch.autograd.grad(loss, leaves, materialize_grads=True)
        return Gradients(*found), len(estimate.codes)

    def expected_cost(self) -> Gradients:
        """The gradient of E[cost], summed over all codes."""
        leaves = self._leaves()
        posterior, layers = self.kind(leaves[0]), leaves[1]
        codes = posterior.enumerate_support()
        loss = (posterior.log_prob(codes).exp() * self.cost(layers)(codes)).sum()
        return Gradients(*torch.autograd.grad(loss, leaves, materialize_grads=True))

    def expected_bound(self, samples: int) -> Gradients | None:
        """The gradient of -E[log 1/S Σ p(code) exp(-cost) / q(code)], summed over all tuples of S
        codes; None if there are too many."""
        logits, layers, prior = leaves = self._leaves()
        posterior = self.kind(logits)
        codes = posterior.enumerate_support()  # (codes, B, K)
        if len(codes) ** samples > MAX_TUPLES:
            return None
        log_q = posterior.log_prob(codes)
        log_weights = self.kind(prior).log_prob(codes) - log_q - self.cost(layers)(codes)
        tuples = torch.tensor(list(product(range(len(codes)), repeat=samples)))  # (T, S)
        bound = log_weights[tuples].logsumexp(1) - torch.tensor(float(samples)).log()  # (T, B)
        loss = -(log_q[tuples].sum(1).exp() * bound).sum()
        return Gradients(*torch.autograd.grad(loss, leaves, materialize_grads=True))

    def _leaves(self) -> list[Tensor]:
        prior = repeat(self.prior, "k -> b k", b=len(self))
        return [t.detach().clone().requires_grad_() for t in (self.logits, self.layers, prior)]
