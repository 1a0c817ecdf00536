"""The step network's outputs as AIR reads them: is there one more object, and where."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Normal

from objcentric.scene import SceneSpec
from objcentric_air.normal_head import normal
from objcentric_air.step_network import StepNetwork


class ProposalNetwork(StepNetwork):
    """Puts out the log-odds of presence and the mean and log variance of where.

    It starts out sure that objects are there and indifferent to the image: the outputs have zero
    weights, and biases that put `where` at the mean of its prior.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
        presence_bias: first log-odds of presence.
        where_log_var: first log variance of where.
        where_log_var_bound: the log variance b·tanh(output / b) stays between -b and b; null leaves
            it free.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: int,
        presence_bias: float,
        where_log_var: float,
        where_log_var_bound: float | None,
    ) -> None:
        self.where_dim = scene.where_dim
        self.bound = where_log_var_bound
        outputs = 1 + 2 * scene.where_dim
        super().__init__(scene, outputs, hidden)
        start = [presence_bias, *scene.where.loc, *[where_log_var] * scene.where_dim]
        with torch.no_grad():
            nn.init.zeros_(self.last.weight[:outputs])
            self.last.bias[:outputs] = torch.tensor(start)

    def read_out(self, outputs: Float[Tensor, "B outputs"]) -> tuple[Float[Tensor, "B 1"], Normal]:
        """Log-odds of presence, and q(where) of one slot, `(B, 1, where_dim)`."""
        logit, where = outputs.split([1, 2 * self.where_dim], dim=-1)
        mean, log_var = rearrange(where, "b d -> b 1 d").chunk(2, dim=-1)
        if self.bound is not None:
            log_var = self.bound * torch.tanh(log_var / self.bound)
        return logit, normal(mean, log_var)
