"""The interface of baselines for score-function estimators."""

from abc import abstractmethod

from jaxtyping import Float
from torch import Tensor, nn

from objcentric.component import Component
from objcentric.interfaces.gradient_estimator import Context


class Baseline(Component, nn.Module):
    """Predicts the cost before presence is known, one prediction per decision.

    The prediction for slot k may depend on the image and on the slots before k, never on slot k.
    Otherwise it would bias the gradient (Mnih & Gregor 2014, arXiv:1402.0030).
    """

    @abstractmethod
    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        """Predicted cost in nats, given that the decision about slot k is reached."""
