"""The interface of gradient estimation for presence."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.presence import Presence
from objcentric.progress import Progress

Cost = Callable[[Float[Tensor, "S B K"]], Float[Tensor, "S B"]]
"""What S presence codes cost each image, in nats: lower is better. Differentiable in the codes."""


@dataclass(frozen=True)
class Context:
    """What an estimator's own networks may look at. No gradient flows through it, but the prior.

    Attributes:
        image: intensities in [0, 1].
        where: the drafts' where, every slot as if present.
        what: the drafts' what.
        prior: prior of presence, for bounds that need it; they hand gradients to it.
        progress: how far training has come, for schedules.
    """

    image: Float[Tensor, "B C H W"]
    where: Float[Tensor, "B K where"]
    what: Float[Tensor, "B K what"]
    prior: Presence
    progress: Progress


@dataclass(frozen=True)
class Estimate:
    """What an estimator returns.

    Attributes:
        loss: scalar; its gradient estimates that of the expected cost. It may hold further terms
            that train the estimator's own networks.
        codes: the presence codes at which the cost was taken.
        costs: their costs, detached.
        weights: how much each counts, detached, summing to 1 over S: terms that need no estimator
            are averaged with them.
        diagnostics: detached scalars worth a curve, by name.
        presence_step: factor by which the loss rescales the cost's gradient for presence, detached;
            1 leaves it as it is. The model multiplies the presence KL by the same factor, so that
            the balance of cost and KL does not depend on it.
    """

    loss: Float[Tensor, ""]
    codes: Float[Tensor, "S B K"]
    costs: Float[Tensor, "S B"]
    weights: Float[Tensor, "S B"]
    diagnostics: dict[str, Float[Tensor, ""]] = field(default_factory=dict)
    presence_step: Float[Tensor, ""] | float = 1.0


class GradientEstimator(Component, nn.Module):
    """Turns an expected cost over presence into a loss with usable gradients.

    Attributes:
        bounds_presence: True if the loss is a bound of its own that already accounts for the
            presence prior (multi-sample bounds); the model then adds no presence KL.
        biased: True if, even over many samples, the mean gradient is not that of the expected cost
            (relaxations). An instance may say it where its options decide.
    """

    bounds_presence: ClassVar[bool] = False
    biased: bool = False

    @abstractmethod
    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        """Estimates the gradient of E_posterior[cost(presence)], averaged over the batch.

        Gradients are to reach the posterior's logits and, through `cost`, everything that drew the
        layers.
        """
