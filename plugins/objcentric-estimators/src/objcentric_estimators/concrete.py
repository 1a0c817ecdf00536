"""The Concrete relaxation of presence (`Concrete`)."""

from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from objcentric.blocks.annealing import Annealing
from objcentric.blocks.score_function import sampled_estimate
from objcentric.interfaces import Context, Cost, Estimate, GradientEstimator
from objcentric.presence import Presence


class Concrete(GradientEstimator):
    """Binary Concrete (Gumbel-softmax) relaxation: ∇f at σ((logits + logistic noise) / temperature)
    (Maddison et al. 2017, arXiv:1611.00712; Jang et al. 2017, arXiv:1611.01144).

    The variance is low, but the gradient is biased: it is that of a cost in which objects are
    partly present. As the temperature falls, the bias vanishes and the variance grows. The
    temperature therefore falls during training, by the same factor every epoch. The presence KL
    is that of the discrete posterior.

    Args:
        start: initial temperature, positive.
        end: final temperature, positive.
        begin: epoch in which it begins to fall.
        finish: epoch from which it stays at the end.
        samples: relaxed codes drawn per image.

    Raises:
        ValueError: `finish` lies before `begin`.
    """

    biased = True

    def __init__(
        self,
        *,
        start: PositiveFloat = 1.0,
        end: PositiveFloat = 0.3,
        begin: NonNegativeFloat = 0.0,
        finish: NonNegativeFloat = 20.0,
        samples: PositiveInt = 1,
    ) -> None:
        super().__init__()
        self.temperature = Annealing(start, end, begin, finish)
        self.samples = samples

    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        temperature = self.temperature.at(context.progress)
        codes = posterior.relaxed_sample(temperature, (self.samples,))  # (S, B, K)
        costs = cost(codes)  # (S, B)
        diagnostics = {"temperature": temperature.to(costs.dtype)}
        return sampled_estimate(costs.mean(), codes, costs, diagnostics)
