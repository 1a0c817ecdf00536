"""A small scene model with all abilities (`Rectangles`)."""

from math import log, tau
from typing import get_args

import torch
from einops import einsum, rearrange, reduce, repeat
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Distribution, kl_divergence

from objcentric.interfaces import Ability, Inference, Objective, SceneModel
from objcentric.normal import Normal
from objcentric.presence import IndependentPresence
from objcentric.progress import Progress

STD = 0.3
"""Standard deviations of a pixel's noise and of the posterior of a shade."""


class Rectangles(SceneModel):
    """Two rectangles side by side, each of one shade, and each present or absent.

        p(presence) = ½ each, p(shade) = N(½, 1), p(pixel) = N(presence · shade, 0.3²)

    q reads the mean intensity of each rectangle's part of the image. Shades of absent rectangles
    count like those of present ones.

    Args:
        image_shape: `(C, H, W)`, at least 2 pixels wide and 4 high.

    Attributes:
        able: the abilities that it declares; all of them, unless a test removes some.
    """

    able: frozenset[Ability] = frozenset(get_args(Ability))
    windows: Tensor
    edges: Tensor

    def __init__(self, image_shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.image_shape = image_shape
        _, height, width = image_shape
        top, bottom, middle = height // 4, height - height // 4, width // 2
        edges = [[0, top, middle, bottom], [middle, top, width, bottom]]
        windows = torch.zeros(2, height, width)
        for window, (x0, y0, x1, y1) in zip(windows, edges, strict=True):
            window[y0:y1, x0:x1] = 1
        self.register_buffer("windows", windows, persistent=False)
        self.register_buffer("edges", torch.tensor(edges).to(windows), persistent=False)
        self.reading = nn.Linear(1, 2)  # log-odds of presence, and shade

    @property
    def abilities(self) -> frozenset[Ability]:
        return self.able

    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        presence, shade = self._posterior(image)
        canvas = self._canvas(presence.mean, shade.rsample())
        nll = -self._log_likelihood(image, canvas)
        even = IndependentPresence(torch.zeros_like(presence.logits), validate_args=False)
        presence_kl = kl_divergence(presence, even)
        shade_kl = kl_divergence(shade, self._prior(shade.mean)).sum(-1)
        terms = {"nll": nll, "presence_kl": presence_kl, "shade_kl": shade_kl}
        loss = torch.stack(list(terms.values())).sum(0).mean()
        return Objective(loss, {k: v.detach() for k, v in terms.items()}, presence.mode)

    @torch.no_grad()
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        presence, shade = self._posterior(image)
        there = rearrange(presence.mode, "b k -> b k 1 1") * self.windows
        background = 1 - reduce(there, "b k h w -> b 1 h w", "sum")
        has_boxes = "boxes" in self.able
        return Inference(
            presence=presence.mode if "presence" in self.able else torch.ones_like(presence.mode),
            presence_probs=presence.mean,
            slots=rearrange(shade.mean, "b k -> b k 1"),
            canvas=self._canvas(presence.mode, shade.mean),
            masks=torch.cat([background, there], dim=1),
            boxes=repeat(self.edges, "k side -> b k side", b=len(image)) if has_boxes else None,
            attributes=self._attributes(shade.mean) if "attributes" in self.able else {},
        )

    @torch.no_grad()
    def log_weights(self, image: Float[Tensor, "B C H W"], n: int) -> Float[Tensor, "n B"]:
        if "density" not in self.able:
            self._cannot("density")
        return torch.stack([self._log_weight(image) for _ in range(n)])

    @torch.no_grad()
    def log_likelihood(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        if "density" not in self.able:
            self._cannot("density")
        presence, shade = self._posterior(image)
        return self._log_likelihood(image, self._canvas(presence.sample(), shade.rsample()))

    @torch.no_grad()
    def generate(self, n: int) -> Float[Tensor, "n C H W"]:
        if "generate" not in self.able:
            self._cannot("generate")
        shade = 0.5 + torch.randn_like(self.edges[:, 0].expand(n, -1))
        return self._canvas((torch.rand_like(shade) < 0.5).to(shade), shade)

    @torch.no_grad()
    def redraw(
        self, image: Float[Tensor, "B C H W"], inference: Inference
    ) -> Float[Tensor, "B C H W"]:
        if "redraw" not in self.able:
            self._cannot("redraw")
        return self._canvas(inference.presence, rearrange(inference.slots, "b k 1 -> b k"))

    def _posterior(
        self, image: Float[Tensor, "B C H W"]
    ) -> tuple[IndependentPresence, Distribution]:
        inside = einsum(image, self.windows, "b c h w, k h w -> b k")
        mean = inside / (self.windows.sum((1, 2)) * self.image_shape[0])
        logits, shade = self.reading(rearrange(mean, "b k -> b k 1")).unbind(-1)
        posterior = Normal(shade, torch.full_like(shade, STD), validate_args=False)
        return IndependentPresence(logits, validate_args=False), posterior

    def _attributes(self, shade: Float[Tensor, "B 2"]) -> dict[str, Tensor]:
        """The left rectangle has label 0, the right one 1, wherever their middles are."""
        left_top, right_bottom = self.edges.split(2, dim=-1)
        middles = repeat((left_top + right_bottom) / 2, "k xy -> b k xy", b=len(shade))
        label = torch.zeros_like(shade, dtype=torch.long)
        label[:, 1] = 1
        return {"label": label, "shade": shade, "position": middles}

    def _prior(self, like: Tensor) -> Distribution:
        half = torch.full_like(like, 0.5)
        return Normal(half, torch.ones_like(like), validate_args=False)

    def _canvas(
        self, presence: Float[Tensor, "B 2"], shade: Float[Tensor, "B 2"]
    ) -> Float[Tensor, "B C H W"]:
        gray = einsum(presence * shade, self.windows, "b k, k h w -> b h w")
        return repeat(gray, "b h w -> b c h w", c=self.image_shape[0])

    def _log_likelihood(self, image: Tensor, canvas: Tensor) -> Float[Tensor, " B"]:
        density = -(((image - canvas) / STD) ** 2 + log(tau * STD**2)) / 2
        return reduce(density, "b c h w -> b", "sum")

    def _log_weight(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, " B"]:
        presence, shade = self._posterior(image)
        codes, shades = presence.sample(), shade.rsample()
        log_ratio: Tensor = self._prior(shades).log_prob(shades) - shade.log_prob(shades)
        log_p, log_q = -2 * log(2), presence.log_prob(codes)
        return (
            self._log_likelihood(image, self._canvas(codes, shades))
            + log_p
            - log_q
            + log_ratio.sum(-1)
        )
