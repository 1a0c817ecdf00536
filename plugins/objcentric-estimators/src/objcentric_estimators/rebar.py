"""The score function with the cost at relaxed codes as control variate (`Rebar`)."""

from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Context, Cost
from objcentric_estimators.relaxed_control import RelaxedControl


class Rebar(RelaxedControl):
    """REBAR, the score function with the cost at relaxed codes as control variate (Tucker et al.
    2017, arXiv:1703.07370).

    The gradient is (f(b) - c(z̃)) ∇log q(b) + ∇c(z) - ∇c(z̃), where z = logits + logistic noise,
    b = 1[z > 0], z̃ ~ p(z | b) and c(z) = η f(σ(z / temperature)).

    The cost at relaxed codes predicts the cost of the code that they round to. The predicted part
    is differentiated; only the rest is left to the score function. Unbiased for any η and any
    temperature; both are learnt.

    Args:
        temperature: initial temperature, positive.
        samples: presence codes drawn per image; each costs a hard and a relaxed canvas.
    """

    def control_variate(
        self, relaxed: Float[Tensor, "S B K"], cost: Cost, context: Context
    ) -> Float[Tensor, "S B"]:
        return self.eta * cost(relaxed)
