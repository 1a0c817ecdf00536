"""Inference that sees what is left to explain."""

from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.drafts import Drafts, Layers
from objcentric.interfaces import Scheduler
from objcentric.perception import Perception
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec
from objcentric.steps import Steps
from objcentric_air.proposal_network import ProposalNetwork
from objcentric_air.step_network import as_previous


class Residual(Scheduler):
    """AIR's recurrence, looking at the image minus what earlier steps drew (the idea of DAIR).

    Without the residual a step must remember where the others looked, and may learn to draw a third
    of every object; with it, an object that is drawn is gone. No gradient flows through it.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
        presence_bias: first log-odds of presence.
        where_log_var: first log variance of where.
        where_log_var_bound: the log variance stays between minus and plus this; null: free.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 3.0,
    ) -> None:
        super().__init__(scene)
        self.network = ProposalNetwork(
            scene,
            hidden=hidden,
            presence_bias=presence_bias,
            where_log_var=where_log_var,
            where_log_var_bound=where_log_var_bound,
        )

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        left = image
        previous, hidden = self.network.start(image)
        steps = Steps()
        for _ in range(self.slots):
            outputs, hidden = self.network(self.network.project(left), previous, hidden)
            logit, where_posterior = self.network.read_out(outputs)
            where = perception.choose(where_posterior)  # (B, 1, D)
            what = perception.look(image, where.sample)  # (B, 1, W)
            layer = perception.draw(what.sample, where.sample)
            left = left - drawn(layer)
            previous = as_previous(where.sample, what.sample)
            steps.add(logit, where, what, layer)
        return steps.drafts(OrderedPresence, perception)


def drawn(layer: Layers) -> Float[Tensor, "B C H W"]:
    """What one slot's layer adds to the canvas where nothing hides it, without gradients."""
    color = layer.color if layer.alpha is None else layer.color * layer.alpha
    return rearrange(color, "b 1 c h w -> b c h w").detach()
