"""A stranger's whole model, in one file: a convolutional VAE that finds no objects.

    objcentric train mine.yaml --plugin conv_vae.py

with `model: {use: conv_vae, latent: 8}` in the recipe.
"""

import math

import torch
from torch import nn
from torch.distributions import kl_divergence

from objcentric.interfaces import Inference, Objective, SceneModel
from objcentric.normal import Normal


class ConvVae(SceneModel):
    """One code for the whole image (Kingma and Welling 2014, arXiv:1312.6114).

    Args:
        image_shape: `(C, H, W)`; sides that can be halved twice.
        latent: size of the code.
        channels: of the first convolution.
        std: of a pixel.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        *,
        latent: int = 16,
        channels: int = 8,
        std: float = 0.3,
    ) -> None:
        super().__init__()
        depth, height, width = image_shape
        self.image_shape, self.latent, self.std = image_shape, latent, std
        small = (2 * channels, height // 4, width // 4)
        self.encoder = nn.Sequential(
            nn.Conv2d(depth, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, 2 * channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(math.prod(small), 2 * latent),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent, math.prod(small)),
            nn.ReLU(),
            nn.Unflatten(1, small),
            nn.ConvTranspose2d(2 * channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, depth, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    @property
    def abilities(self):
        return frozenset({"density", "generate"})

    def objective(self, image, progress):
        posterior = self.posterior(image)
        nll = -self.log_prob(image, self.decoder(posterior.rsample()))
        kl = kl_divergence(posterior, self.prior(posterior)).sum(-1)
        terms = {"nll": nll.detach(), "what_kl": kl.detach()}
        return Objective((nll + kl).mean(), terms, image.new_ones(len(image), 1))

    @torch.no_grad()
    def infer(self, image):
        code = self.posterior(image).mean
        one = image.new_ones(len(image), 1)
        everywhere = torch.ones_like(image[:, :1])
        return Inference(
            presence=one,
            presence_probs=one,
            slots=code.unsqueeze(1),
            canvas=self.decoder(code),
            masks=torch.cat([torch.zeros_like(everywhere), everywhere], 1),  # all is the one slot's
        )

    @torch.no_grad()
    def log_weights(self, image, n):
        posterior = self.posterior(image)
        code = posterior.sample((n,))  # (n, B, latent)
        ratio = self.prior(posterior).log_prob(code) - posterior.log_prob(code)
        canvas = self.decoder(code.flatten(0, 1)).unflatten(0, (n, len(image)))
        return self.log_prob(image, canvas) + ratio.sum(-1)

    @torch.no_grad()
    def log_likelihood(self, image):
        return self.log_prob(image, self.decoder(self.posterior(image).sample()))

    @torch.no_grad()
    def generate(self, n):
        weight = next(self.parameters())
        return self.decoder(torch.randn(n, self.latent, dtype=weight.dtype, device=weight.device))

    def posterior(self, image):
        loc, log_scale = self.encoder(image).chunk(2, -1)
        return Normal(loc, log_scale.clamp(-8, 8).exp(), validate_args=False)

    def prior(self, posterior):
        zero, one = torch.zeros_like(posterior.loc), torch.ones_like(posterior.scale)
        return Normal(zero, one, validate_args=False)

    def log_prob(self, image, canvas):
        return Normal(canvas, self.std, validate_args=False).log_prob(image).sum((-3, -2, -1))
