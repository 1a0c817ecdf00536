"""Gradient estimators, some that are right and others that fail a check."""

from dataclasses import replace

import torch

from objcentric.interfaces import CostFunction, Estimate, GradientEstimator


class Exact(GradientEstimator):
    """Over every code."""

    def forward(self, posterior, cost, context):
        codes = posterior.enumerate_support()
        costs = cost(codes)
        probs = posterior.log_prob(codes).exp()
        return Estimate((probs * costs).sum(0).mean(), codes, costs.detach(), probs.detach())


class Score(GradientEstimator):
    """The score function."""

    share = 1.0

    def forward(self, posterior, cost, context):
        codes = posterior.sample((2,))
        costs = cost(codes)
        score = self.share * (self.signal(costs) * posterior.log_prob(codes))
        weights = torch.full_like(costs, 0.5).detach()
        return Estimate((costs + score).mean(), codes, costs.detach(), weights)

    def signal(self, costs):
        return costs.detach()


class HalfAScore(Score):
    share = 0.5


class DeafToCosts(Score):
    """Leaves the layers as they are; that it is biased it admits."""

    biased = True

    def forward(self, posterior, cost, context):
        deaf = CostFunction(lambda codes: cost(codes).detach())
        return super().forward(posterior, deaf, context)


class BatchBaseline(Score):
    """Subtracts what the other images cost, too."""

    def signal(self, costs):
        return costs.detach() - costs.detach().mean()


class HeavyWeights(Score):
    def forward(self, posterior, cost, context):
        estimate = super().forward(posterior, cost, context)
        return replace(estimate, weights=2 * estimate.weights)


class AlwaysDifferentiating(Score):
    capturable = False
    vmappable = False

    def forward(self, posterior, cost, context):
        logits = posterior.logits.detach().requires_grad_()
        torch.autograd.grad(logits.square().sum(), logits)
        return super().forward(posterior, cost, context)


GOOD = [Exact, Score]
BROKEN = {
    "unbiased": HalfAScore,
    "gradient_everywhere": DeafToCosts,
    "images_alone": BatchBaseline,
    "costs_and_weights": HeavyWeights,
    "without_gradients": AlwaysDifferentiating,
}
