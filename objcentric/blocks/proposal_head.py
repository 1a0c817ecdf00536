"""Presence and where from a network's outputs (`ProposalHead`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.scene import WhereSpec

MEAN_LIMIT = 1e4
"""Far outside every canvas. It keeps the KL of a slot that is never reached from overflowing."""


@dataclass(frozen=True)
class ProposalHead:
    """Splits a layer's outputs into log-odds of presence, mean and log variance of where.

    Example, in a scheduler:

        head = ProposalHead(scene.where, presence_bias=2.0)
        last = nn.Linear(hidden, head.size)
        head.start(last)
        ...
        logits, mean, log_var = head.read(last(features))

    Attributes:
        where: the glimpser's coordinates.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: b, the largest absolute log variance: it is b·tanh(output / b). None
            for no bound.
    """

    where: WhereSpec
    presence_bias: float = 2.0
    where_log_var: float = -3.0
    where_log_var_bound: float | None = None

    @property
    def size(self) -> int:
        """The number of outputs that it reads."""
        return 1 + 2 * self.where.dim

    def start(self, layer: nn.Linear) -> None:
        """Initialises the layer whose first `size` outputs are read.

        Weights are 0, so the outputs do not depend on the image at first. The biases give the
        initial log-odds of presence, and put objects at the mean of where's prior.
        """
        start = [self.presence_bias, *self.where.loc, *[self.where_log_var] * self.where.dim]
        with torch.no_grad():
            nn.init.zeros_(layer.weight[: self.size])
            layer.bias[: self.size] = torch.tensor(start)

    def read(
        self, outputs: Float[Tensor, "B K outputs"]
    ) -> tuple[Float[Tensor, "B K"], Float[Tensor, "B K D"], Float[Tensor, "B K D"]]:
        """Log-odds of presence, mean and log variance of where."""
        logits, mean, log_var = outputs.split([1, self.where.dim, self.where.dim], dim=-1)
        if self.where_log_var_bound is not None:
            log_var = self.where_log_var_bound * torch.tanh(log_var / self.where_log_var_bound)
        return logits.squeeze(-1), mean.clamp(-MEAN_LIMIT, MEAN_LIMIT), log_var
