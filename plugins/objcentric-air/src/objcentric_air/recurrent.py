"""AIR's inference network: attend, infer, repeat."""

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor, nn

from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.joining import join_slots
from objcentric.perception import Perception
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec
from objcentric_air.normal_head import normal
from objcentric_air.step_network import StepNetwork, as_previous


class Recurrent(Scheduler):
    """One object a step, each step knowing the one before (Eslami et al. 2016, section 2.1).

    It starts out sure that objects are there and indifferent to where: the outputs have zero
    weights, and biases that put `where` at the mean of its prior.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
        presence_bias: first log-odds of presence.
        where_log_var: first log variance of where.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
    ) -> None:
        super().__init__(scene)
        dim = scene.where_dim
        self.network = StepNetwork(scene, outputs=1 + 2 * dim, hidden=hidden)
        start = [presence_bias, *scene.where.loc, *[where_log_var] * dim]
        with torch.no_grad():
            nn.init.zeros_(self.network.last.weight[: 1 + 2 * dim])
            self.network.last.bias[: 1 + 2 * dim] = torch.tensor(start)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        projection = self.network.project(image)
        previous, hidden = self.network.start(image)
        logits, wheres, whats = [], [], []
        for _ in range(self.slots):
            out, hidden = self.network(projection, previous, hidden)
            out = rearrange(out, "b d -> b 1 d")
            logit, mean, log_var = out.split([1, *[self.scene.where_dim] * 2], dim=-1)
            where = perception.choose(normal(mean, log_var))  # (B, 1, D)
            what = perception.look(image, where.sample)  # (B, 1, W)
            previous = as_previous(where.sample[:, 0], what.sample[:, 0])
            logits.append(rearrange(logit, "b 1 1 -> b 1"))
            wheres.append(where)
            whats.append(what)
        where, what = join_slots(wheres), join_slots(whats)
        return Drafts(
            presence=OrderedPresence(torch.cat(logits, dim=1), validate_args=False),
            where=where,
            what=what,
            layers=perception.draw(what.sample, where.sample),
        )
