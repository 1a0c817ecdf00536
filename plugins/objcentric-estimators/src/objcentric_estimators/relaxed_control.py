"""The abstract base of `Rebar` and `Relax` (`RelaxedControl`)."""

import math
from abc import abstractmethod

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.injected_gradient import injected_gradient
from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence

TEMPERATURES = (0.05, 5.0)
"""Below this range relaxed decisions are flat but for a spike; above it they predict nothing."""


class RelaxedControl(GradientEstimator):
    """The score function with a differentiable control variate c (Tucker et al. 2017,
    arXiv:1703.07370; Grathwohl et al. 2018, arXiv:1711.00123).

    The gradient is (f(b) - c(z̃)) ∇log q(b) + ∇c(z) - ∇c(z̃), where z = logits + logistic noise,
    b = 1[z > 0] and z̃ ~ p(z | b). It is unbiased for any c. The parameters of c, such as `eta`,
    the weight of the cost, are learnt by descent on the squared gradient, and so on its variance.

    z and z̃ share their noise. Their values are equal, so c is evaluated once; only their
    derivatives with respect to the logits differ.

    Args:
        temperature: initial temperature of relaxed codes, positive.
        samples: presence codes drawn per image; each costs a hard and a relaxed canvas.
    """

    # The forward pass takes gradients.
    capturable = False
    vmappable = False

    def __init__(self, *, temperature: PositiveFloat = 0.5, samples: PositiveInt = 1) -> None:
        super().__init__()
        self.samples = samples
        self.log_temperature = nn.Parameter(torch.tensor(math.log(temperature)))
        self.eta = nn.Parameter(torch.tensor(1.0))

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        noisy = posterior.noisy_logits((self.samples,)).detach()  # (S, B, K)
        codes = posterior.compose((noisy > 0).to(noisy.dtype))
        costs = cost(codes)  # (S, B)
        with torch.enable_grad():
            noisy.requires_grad_()
            control = self.control_variate(self.relax(posterior, noisy), cost, context)
            (slope,) = torch.autograd.grad(control.sum(), noisy, create_graph=True)
            score, shift = score_and_shift(posterior, codes, noisy.detach())
            left = rearrange(costs.detach() - control, "s b -> s b 1")
            gradient = reduce(left * score + slope * shift, "s b k -> b k", "mean")
            square = gradient.square().sum(-1).mean()
            tuning = self.descend_on(square)
        mean_gradient = gradient / gradient.shape[0]  # the loss is a mean over the batch
        loss = costs.mean() + injected_gradient(posterior.logits, mean_gradient) + tuning
        diagnostics = {"squared_gradient": square.detach(), "eta": self.eta.detach()}
        return sampled_estimate(loss, codes, costs, diagnostics)

    def relax(self, posterior: Presence, noisy: Float[Tensor, "S B K"]) -> Float[Tensor, "S B K"]:
        """The relaxed code of noisy logits."""
        return posterior.compose(
            torch.sigmoid(noisy / self.log_temperature.exp().clamp(*TEMPERATURES))
        )

    @abstractmethod
    def control_variate(
        self, relaxed: Float[Tensor, "S B K"], cost: Cost, context: Context
    ) -> Float[Tensor, "S B"]:
        """c: the cost of the codes, as predicted from the relaxed codes."""

    def descend_on(self, square: Float[Tensor, ""]) -> Float[Tensor, ""]:
        """A term of value 0 that hands the gradient of `square` to this estimator alone."""
        parameters = list(self.parameters())
        gradients = torch.autograd.grad(square, parameters)
        terms = [injected_gradient(*pair) for pair in zip(parameters, gradients, strict=True)]
        return torch.stack(terms).sum()


def score_and_shift(
    posterior: Presence, codes: Float[Tensor, "S B K"], noisy: Float[Tensor, "S B K"]
) -> tuple[Float[Tensor, "S B K"], Float[Tensor, "S B K"]]:
    """∂ log q(code) / ∂ logits, and ∂z / ∂ logits - ∂z̃ / ∂ logits.

    An unreached decision tells nothing about its noise, so there z̃ has the derivative of z.
    """
    present = torch.sigmoid(posterior.logits.detach())
    reached = posterior.reached(codes)
    # z̃ = ±softplus(logistic noise + log odds), on the side of 0 that the decision is known to be.
    given = -torch.expm1(-noisy.abs()) * torch.where(noisy > 0, present, 1 - present)
    return reached * (codes - present), reached * (1 - given)
