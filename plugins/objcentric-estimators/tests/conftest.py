"""A small scene whose cost is known in closed form, repeated to average over chance."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
import torch
from einops import einsum, rearrange, repeat
from torch import Tensor

from objcentric.interfaces import Context, Cost, CostFunction, Estimate, GradientEstimator
from objcentric.presence import OrderedPresence, Presence
from objcentric.progress import Progress
from objcentric_estimators.enumerate import Enumerate

IMAGES, SLOTS, PIXELS = 4, 3, 6


@dataclass(frozen=True)
class Gradients:
    """Of each image's own loss: what the logits, the layers and the prior get."""

    logits: Tensor
    layers: Tensor
    prior: Tensor


@dataclass(frozen=True)
class SmallScene:
    """Images of six pixels made of three layers, in float64.

    The cost is ½|image - tanh(Σ layers)|² plus a price an object: it bends in every code.
    """

    kind: type[Presence]
    image: Tensor  # (B, 1, 2, 3)
    logits: Tensor  # (B, K)
    layers: Tensor  # (B, K, P)
    prior: Tensor  # (K,)
    progress: Progress

    @classmethod
    def make(cls, kind: type[Presence]) -> "SmallScene":
        chance = torch.Generator().manual_seed(7)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=chance, dtype=torch.float64)

        logits, layers = normal(IMAGES, SLOTS), normal(IMAGES, SLOTS, PIXELS)
        image, prior = normal(IMAGES, 1, 2, 3), normal(SLOTS)
        return cls(kind, image, logits, layers, prior, Progress.at(0.0, epochs=1.0))

    def repeated(self, times: int) -> "SmallScene":
        """The same scene, over and over in one batch."""
        image, logits, layers = (
            repeat(tensor, "b ... -> (n b) ...", n=times)
            for tensor in (self.image, self.logits, self.layers)
        )
        return SmallScene(self.kind, image, logits, layers, self.prior, self.progress)

    def to(self, dtype: torch.dtype) -> "SmallScene":
        tensors = (self.image, self.logits, self.layers, self.prior)
        return SmallScene(self.kind, *(tensor.to(dtype) for tensor in tensors), self.progress)

    def at(self, progress: Progress) -> "SmallScene":
        return SmallScene(self.kind, self.image, self.logits, self.layers, self.prior, progress)

    def estimate(self, estimator: GradientEstimator) -> Estimate:
        """What the estimator makes of the scene."""
        return estimator(self.kind(self.logits), self.cost(self.layers), self.context(self.prior))

    def cost(self, layers: Tensor) -> Cost:
        image = rearrange(self.image, "b 1 h w -> b (h w)")

        def cost(codes: Tensor) -> Tensor:
            canvas = torch.tanh(einsum(codes, layers, "s b k, b k p -> s b p"))
            return (image - canvas).square().sum(-1) / 2 + 0.3 * codes.sum(-1)

        return CostFunction(cost)

    def context(self, prior: Tensor) -> Context:
        latents = self.layers.new_zeros(len(self.image), SLOTS, 3)
        return Context(
            image=self.image,
            where=latents,
            what=latents[..., :2],
            prior=self.kind(prior),
            progress=self.progress,
        )

    def gradients(self, estimator: GradientEstimator, codes: Tensor | None = None) -> Gradients:
        """What the estimator hands back; with `codes` (S, B, K) given, no others are drawn."""
        logits, layers = (tensor.clone().requires_grad_() for tensor in (self.logits, self.layers))
        prior = self.prior.expand(len(logits), -1).clone().requires_grad_()
        posterior = self.kind(logits)
        if codes is not None:
            posterior.sample = lambda _: codes  # type: ignore[method-assign]
        estimate = estimator(posterior, self.cost(layers), self.context(prior))
        loss = estimate.loss * len(logits)  # a mean over images that know nothing of each other
        found = torch.autograd.grad(loss, [logits, layers, prior], materialize_grads=True)
        return Gradients(*found)

    def exact(self) -> Gradients:
        """The gradient of the expected cost."""
        return self.gradients(Enumerate())

    def drawn(self, estimator: GradientEstimator, times: int) -> Gradients:
        """`times` independent estimates, `(N, B, ...)`."""
        found = self.repeated(times).gradients(estimator)
        return Gradients(
            *(
                rearrange(tensor, "(n b) ... -> n b ...", n=times)
                for tensor in (found.logits, found.layers, found.prior)
            )
        )

    def expected(self, estimator: GradientEstimator, samples: int) -> Gradients:
        """The exact mean of an estimate: over every tuple of codes, by its probability."""
        posterior = self.kind(self.logits)
        support = posterior.enumerate_support(expand=False)[:, 0]
        tuples = torch.stack([torch.stack(t) for t in product(support, repeat=samples)])
        codes = repeat(tuples, "n s k -> s (n b) k", b=IMAGES)
        found = self.repeated(len(tuples)).gradients(estimator, codes)
        probs = posterior.log_prob(repeat(tuples, "n s k -> s n b k", b=IMAGES)).sum(0).exp()
        return Gradients(
            *(
                einsum(
                    probs,
                    rearrange(tensor, "(n b) ... -> n b ...", b=IMAGES),
                    "n b, n b ... -> b ...",
                )
                for tensor in (found.logits, found.layers, found.prior)
            )
        )


@pytest.fixture
def small_scene() -> Callable[..., SmallScene]:
    """`small_scene(kind)`: a cost of three slots and four images, ordered unless told otherwise."""
    return lambda kind=OrderedPresence: SmallScene.make(kind)
