"""Attend-Infer-Repeat by the book, one step at a time: the reference that the framework is tested
against and timed against.

Written from the equations of Eslami et al. 2016 (arXiv:1603.08575), with the figures of the
multi-MNIST experiment and nothing of the framework: presence is decided inside the loop, every step
encodes, decodes and draws on its own, windows go through `affine_grid` and `grid_sample`.
"""

from dataclasses import dataclass, fields
from typing import Any, Self

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

CANVAS, GLIMPSE, STEPS = 50, 24, 3
WHERE, WHAT, HIDDEN, WIDTH = 3, 20, 256, 400
BETA, VARIANCE, PRESENCE_PRIOR = 0.7, 0.6**2, 0.01


@dataclass(frozen=True)
class Noise:
    """All the chance there is in a training step.

    Attributes:
        where: standard normal, of each step.
        what: standard normal, of each step.
        presence: uniform in [0, 1): object i is added where it is below sigmoid(logit i). A unary
            code c is forced by 1 - c, as long as no probability is exactly 0 or 1.
    """

    where: Float[Tensor, "N B 3"]
    what: Float[Tensor, "N B 20"]
    presence: Float[Tensor, "N B"]

    @classmethod
    def draw(cls, image: Tensor) -> Self:
        """Fresh noise for a batch of images, of their dtype and device."""
        size = (STEPS, image.shape[0])
        return cls(
            where=torch.randn_like(image.new_empty(*size, WHERE)),
            what=torch.randn_like(image.new_empty(*size, WHAT)),
            presence=torch.rand_like(image.new_empty(size)),
        )


@dataclass(frozen=True)
class Terms:
    """The loss and its parts; the KL terms are in nats and unweighted.

    Attributes:
        nll: squared error / (2 · 0.36), summed over pixels.
        kl_pres: of the steps that were reached.
        kl_where: of the steps that were reached.
        kl_what: of the steps that were reached.
        reinforce: surrogate whose gradient is the score-function estimate.
        baseline_loss: squared error of the baseline, of the steps that were reached.
        loss: what is minimised.
        presence: the presence code.
    """

    nll: Float[Tensor, "*batch"]
    kl_pres: Float[Tensor, "*batch"]
    kl_where: Float[Tensor, "*batch"]
    kl_what: Float[Tensor, "*batch"]
    reinforce: Float[Tensor, "*batch"]
    baseline_loss: Float[Tensor, "*batch"]
    loss: Float[Tensor, "*batch"]
    presence: Float[Tensor, "*batch N"]

    def mean(self) -> "Terms":
        """The same, averaged over the batch."""
        return Terms(**{field.name: getattr(self, field.name).mean(0) for field in fields(self)})


def recurrent_body(outputs: int) -> nn.Sequential:
    """Three layers; input [image, previous presence, where, what, previous hidden], output [hidden,
    `outputs` further numbers]."""
    inputs = CANVAS**2 + 1 + WHERE + WHAT + HIDDEN
    return nn.Sequential(
        nn.Linear(inputs, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, HIDDEN + outputs),
    )


def read(image: Float[Tensor, "B 1 H W"], where: Float[Tensor, "B 3"]) -> Float[Tensor, "B 1 h w"]:
    """The glimpse at `where` = (s, tx, ty): the image seen through (1/s, -t/s)."""
    s, tx, ty = where.unbind(-1)
    size = [len(image), 1, GLIMPSE, GLIMPSE]
    grid = F.affine_grid(scale_and_shift(1 / s, -tx / s, -ty / s), size, align_corners=False)
    return F.grid_sample(image, grid, "bilinear", "zeros", align_corners=False)


def write(patch: Float[Tensor, "B 1 h w"], where: Float[Tensor, "B 3"]) -> Float[Tensor, "B 1 H W"]:
    """The patch placed at `where`: canvas coordinate u samples it at s·u + t."""
    s, tx, ty = where.unbind(-1)
    size = [len(patch), 1, CANVAS, CANVAS]
    grid = F.affine_grid(scale_and_shift(s, tx, ty), size, align_corners=False)
    return F.grid_sample(patch, grid, "bilinear", "zeros", align_corners=False)


def scale_and_shift(
    s: Float[Tensor, " B"], tx: Float[Tensor, " B"], ty: Float[Tensor, " B"]
) -> Float[Tensor, "B 2 3"]:
    """The affine maps (x, y) → (s·x + tx, s·y + ty)."""
    zero = torch.zeros_like(s)
    return torch.stack([torch.stack([s, zero, tx], -1), torch.stack([zero, s, ty], -1)], 1)


def gaussian_kl(
    mean: Float[Tensor, "B D"],
    log_variance: Float[Tensor, "B D"],
    prior_mean: Float[Tensor, " D"],
    prior_std: Float[Tensor, " D"],
) -> Float[Tensor, " B"]:
    """KL(N(mean, exp(log_variance)) ‖ N(prior_mean, prior_std²)) with diagonal covariances."""
    prior_variance = prior_std**2
    squares = (log_variance.exp() + (mean - prior_mean) ** 2) / prior_variance
    return 0.5 * (squares - 1 - log_variance + prior_variance.log()).sum(-1)


def bernoulli_kl(logit: Float[Tensor, " B"], prior: float) -> Float[Tensor, " B"]:
    """KL(Bernoulli(sigmoid(logit)) ‖ Bernoulli(prior))."""
    q = torch.sigmoid(logit)
    log_prior = torch.full_like(logit, prior)
    yes = q * (F.logsigmoid(logit) - log_prior.log())
    return yes + (1 - q) * (F.logsigmoid(-logit) - (1 - log_prior).log())


class PlainAir(nn.Module):
    """AIR on 50×50 grey images, three steps, exactly as the experiment is described.

    `recurrent` gives [hidden 256, presence logit 1, where mean 3, where log variance 3], `encoder`
    [what mean 20, what log variance 20], `baseline` [hidden 256, predicted NLL 1].
    """

    where_mean: Tensor
    where_std: Tensor
    what_mean: Tensor
    what_std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = recurrent_body(1 + 2 * WHERE)
        self.encoder = nn.Sequential(
            nn.Linear(GLIMPSE**2, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 2 * WHAT)
        )
        self.decoder = nn.Sequential(
            nn.Linear(WHAT, WIDTH), nn.ReLU(), nn.Linear(WIDTH, GLIMPSE**2)
        )
        self.baseline = recurrent_body(1)
        *_, weight, bias = self.recurrent.parameters()
        with torch.no_grad():
            weight[HIDDEN:] = 0
            bias[HIDDEN:] = torch.tensor([2.0, 3.0, 0.0, 0.0, -3.0, -3.0, -3.0])
        self.register_buffer("where_mean", torch.tensor([3.0, 0.0, 0.0]))
        self.register_buffer("where_std", torch.tensor([0.1, 1.0, 1.0]))
        self.register_buffer("what_mean", torch.zeros(WHAT))
        self.register_buffer("what_std", torch.ones(WHAT))

    def optimizer(self) -> torch.optim.Adam:
        """Adam as the experiment uses it: 1e-4 for the model, 1e-2 for the baseline."""
        model = [*self.recurrent.parameters(), *self.encoder.parameters()]
        model += self.decoder.parameters()
        groups: list[dict[str, Any]] = [
            {"params": model},
            {"params": self.baseline.parameters(), "lr": 1e-2},
        ]
        return torch.optim.Adam(groups, lr=1e-4)

    def forward(self, image: Float[Tensor, "B 1 H W"], noise: Noise | None = None) -> Terms:
        """The loss of each image and its parts."""
        noise = noise or Noise.draw(image)
        batch = len(image)
        pixels = image.flatten(1)
        reached = image.new_ones(batch)  # presence of the step before, 1 before the first
        where, what = image.new_ones(batch, WHERE), image.new_ones(batch, WHAT)
        hidden = baseline_hidden = image.new_zeros(batch, HIDDEN)
        canvas = torch.zeros_like(image)
        kl_pres = kl_where = kl_what = image.new_zeros(batch)
        codes, masks, log_probs, predictions = [], [], [], []

        for step in range(STEPS):
            z = torch.cat([reached[:, None], where, what], -1)
            output = self.baseline(torch.cat([pixels, z.detach(), baseline_hidden], -1))
            baseline_hidden, prediction = output.split([HIDDEN, 1], -1)
            output = self.recurrent(torch.cat([pixels, z, hidden], -1))
            hidden, logit, where_mean, where_log_var = output.split([HIDDEN, 1, WHERE, WHERE], -1)
            logit = logit.squeeze(-1)

            choice = (noise.presence[step] < torch.sigmoid(logit)).to(image.dtype)
            presence = reached * choice
            where = where_mean + (0.5 * where_log_var).exp() * noise.where[step]
            what_mean, what_log_var = self.encode(image, where)
            what = what_mean + (0.5 * what_log_var).exp() * noise.what[step]
            canvas = canvas + presence[:, None, None, None] * write(self.decode(what), where)

            kl_pres = kl_pres + reached * bernoulli_kl(logit, PRESENCE_PRIOR)
            where_kl = gaussian_kl(where_mean, where_log_var, self.where_mean, self.where_std)
            kl_where = kl_where + reached * where_kl
            what_kl = gaussian_kl(what_mean, what_log_var, self.what_mean, self.what_std)
            kl_what = kl_what + reached * what_kl
            masks.append(reached)
            codes.append(presence)
            log_probs.append(-F.binary_cross_entropy_with_logits(logit, choice, reduction="none"))
            predictions.append(prediction.squeeze(-1))
            reached = presence

        nll = ((image - canvas) ** 2).sum((1, 2, 3)) / (2 * VARIANCE)
        mask, log_prob, prediction = (torch.stack(x, -1) for x in (masks, log_probs, predictions))
        error = nll.detach()[:, None] - prediction
        reinforce = (mask * error.detach() * log_prob).sum(-1)
        baseline_loss = (mask * error**2).sum(-1)
        loss = BETA * (kl_pres + kl_where + kl_what) + nll + reinforce + baseline_loss
        return Terms(
            nll=nll,
            kl_pres=kl_pres,
            kl_where=kl_where,
            kl_what=kl_what,
            reinforce=reinforce,
            baseline_loss=baseline_loss,
            loss=loss,
            presence=torch.stack(codes, -1),
        )

    def encode(self, image: Tensor, where: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of what the window at `where` shows, `(B, 20)` each."""
        mean, log_variance = self.encoder(read(image, where).flatten(1)).chunk(2, -1)
        return mean, log_variance

    def decode(self, what: Float[Tensor, "B 20"]) -> Float[Tensor, "B 1 h w"]:
        """The object's patch; sigmoid(x - 3), so that objects start nearly empty."""
        return torch.sigmoid(self.decoder(what) - 3).reshape(-1, 1, GLIMPSE, GLIMPSE)
