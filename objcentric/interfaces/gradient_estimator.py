"""The interface of gradient estimators for presence."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.presence import Presence
from objcentric.progress import Progress


class Cost(ABC):
    """The cost of presence codes for each image, in nats."""

    @abstractmethod
    def __call__(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        """The costs of S codes, differentiable in the codes."""

    def of_support(self, posterior: Presence) -> Float[Tensor, "codes B"]:
        """The costs of all codes, in the order of `posterior.enumerate_support()`.

        Ordered codes are prefixes of one another, and a cost may make use of that.
        """
        return self(posterior.enumerate_support())


@dataclass(frozen=True)
class CostFunction(Cost):
    """A cost that is given as a function, as in tests of an estimator.

        cost = CostFunction(lambda codes: (codes.sum(-1) - 2).square())

    Attributes:
        function: from codes `(S, B, K)` to costs `(S, B)`.
    """

    function: Callable[[Float[Tensor, "S B K"]], Float[Tensor, "S B"]]

    def __call__(self, codes: Float[Tensor, "S B K"]) -> Float[Tensor, "S B"]:
        return self.function(codes)


@dataclass(frozen=True)
class Context:
    """Inputs for an estimator's own networks. Only the prior passes gradients on.

    Attributes:
        image: intensities in [0, 1].
        where: the proposals' where, for every slot as if it were present.
        what: the proposals' what, likewise.
        prior: prior of presence, for bounds that need it and pass gradients on to it.
        progress: progress of training, for schedules.
    """

    image: Float[Tensor, "B C H W"]
    where: Float[Tensor, "B K where"]
    what: Float[Tensor, "B K what"]
    prior: Presence
    progress: Progress


@dataclass(frozen=True)
class Estimate:
    """The result of an estimator.

    Attributes:
        loss: scalar; its gradient estimates that of the expected cost. Further terms may train the
            estimator's own networks.
        codes: the presence codes at which the cost was evaluated.
        costs: their costs, detached.
        weights: weights of the codes, detached, adding up to 1 over S. Terms that need no estimator
            are averaged with them.
        diagnostics: detached scalars by name, plotted over training.
        presence_step: factor, detached, by which the estimator scales the gradient of the cost with
            respect to presence; 1 means unscaled. The model multiplies the presence KL by the same
            factor, so that the balance of cost and KL does not depend on it.
    """

    loss: Float[Tensor, ""]
    codes: Float[Tensor, "S B K"]
    costs: Float[Tensor, "S B"]
    weights: Float[Tensor, "S B"]
    diagnostics: dict[str, Float[Tensor, ""]] = field(default_factory=dict)
    presence_step: Float[Tensor, ""] | float = 1.0


class GradientEstimator(Component, nn.Module):
    """Turns the expected cost over presence into a loss that can be differentiated.

    Attributes:
        bounds_presence: True if the loss is its own bound, which includes the presence prior
            (multi-sample bounds). The model then adds no presence KL.
        biased: True if the expected gradient is not that of the expected cost (relaxations). An
            instance may set it if that depends on its options.
    """

    bounds_presence: ClassVar[bool] = False
    biased: bool = False

    @abstractmethod
    def forward(self, posterior: Presence, cost: Cost, context: Context) -> Estimate:
        """Estimates the gradient of E_posterior[cost(presence)], averaged over the batch.

        Gradients must reach the posterior's logits and, through `cost`, everything that drew the
        layers.
        """
