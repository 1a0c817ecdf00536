"""Judged batches without a training run: a model that says what it is told."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from objcentric.interfaces import Figure, Inference, Judged, Metric, Objective, SceneModel, Truth
from objcentric.progress import Progress


class LinearGaussian(SceneModel):
    """z ~ N(0, I), x | z ~ N(Wz, noise²I): log p(x) is known, and so is the posterior.

    The approximate posterior is the true one, wider by `spread`.
    """

    def __init__(self, pixels: int = 4, latent: int = 2, spread: float = 1.3) -> None:
        super().__init__()
        chance = torch.Generator().manual_seed(5)
        self.weight = torch.randn(pixels, latent, generator=chance, dtype=torch.float64)
        self.noise = 0.5
        self.spread = spread
        self.asked: list[int] = []

    @property
    def abilities(self) -> frozenset[Any]:
        return frozenset({"density"})

    def objective(self, image: Tensor, progress: Progress) -> Objective:
        raise AssertionError("metrics do not train")

    def infer(self, image: Tensor) -> Inference:
        raise AssertionError("metrics are given the inference")

    def posterior(self, x: Float[Tensor, "B P"], spread: float) -> MultivariateNormal:
        precision = torch.eye(self.weight.shape[1]) + self.weight.T @ self.weight / self.noise**2
        covariance = torch.linalg.inv(precision)
        mean = x @ self.weight @ covariance / self.noise**2
        return MultivariateNormal(mean, covariance * spread**2)

    def log_evidence(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        x = rearrange(image, "b c h w -> b (c h w)")
        covariance = self.weight @ self.weight.T + self.noise**2 * torch.eye(x.shape[1])
        return MultivariateNormal(torch.zeros_like(x[0]), covariance).log_prob(x)

    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        self.asked.append(n)
        x = rearrange(image, "b c h w -> b (c h w)")
        q = self.posterior(x, self.spread)
        z = q.sample((n,))
        prior = Normal(0.0, 1.0).log_prob(z).sum(-1)
        likelihood = Normal(z @ self.weight.T, self.noise).log_prob(x).sum(-1)
        return prior + likelihood - q.log_prob(z)

    def log_likelihood(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        x = rearrange(image, "b c h w -> b (c h w)")
        z = self.posterior(x, self.spread).sample()
        return Normal(z @ self.weight.T, self.noise).log_prob(x).sum(-1)

    def elbo(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        """log p(x) - KL(q, posterior), the KL of two normal laws with one mean."""
        latent, spread = self.weight.shape[1], self.spread
        kl = latent * (0.5 * (spread**2 - 1) - math.log(spread))
        return self.log_evidence(image) - kl


@pytest.fixture
def linear_gaussian() -> LinearGaussian:
    return LinearGaussian()


@pytest.fixture
def judged(linear_gaussian: LinearGaussian) -> Callable[..., Judged]:
    """`judged(presence=…, counts=…)`: a batch of which only what is given is known.

    `boxes` are the windows that the model finds, `truth_boxes` those of the objects.
    """

    def make(
        image: Tensor | None = None,
        *,
        presence: Tensor | None = None,
        presence_probs: Tensor | None = None,
        canvas: Tensor | None = None,
        masks: Tensor | None = None,
        boxes: Tensor | None = None,
        slots: Tensor | None = None,
        truth_boxes: Tensor | None = None,
        model: SceneModel = linear_gaussian,
        **truth: Any,
    ) -> Judged:
        known = [v for v in (image, presence, masks, boxes, *truth.values()) if v is not None]
        n = len(known[0])
        if truth_boxes is not None:
            truth["boxes"] = truth_boxes
        if image is None:
            image = torch.zeros(n, 1, *((2, 2) if masks is None else masks.shape[-2:]))
        if presence is None:
            number = 2 if boxes is None else boxes.shape[1]
            presence = torch.ones(n, number if masks is None else masks.shape[1] - 1)
        return Judged(
            model=model,
            image=image,
            truth=Truth(**truth),
            inference=Inference(
                presence=presence,
                presence_probs=presence if presence_probs is None else presence_probs,
                slots=torch.zeros(*presence.shape, 1) if slots is None else slots,
                canvas=image if canvas is None else canvas,
                masks=image.new_zeros(n, presence.shape[1] + 1, *image.shape[-2:])
                if masks is None
                else masks,
                boxes=boxes,
            ),
        )

    return make


@pytest.fixture
def figure_of() -> Callable[..., Figure]:
    """`figure_of(metric, batches)`: as evaluation comes to it."""

    def judge(metric: Metric, *batches: Judged) -> Figure:
        measured: Iterable[dict[str, Tensor]] = (metric.measure(batch) for batch in batches)
        total: dict[str, Tensor] | None = None
        for batch in measured:
            total = batch if total is None else metric.combine(total, batch)
        assert total is not None
        return metric.figure({name: value.cpu() for name, value in total.items()})

    return judge
