"""AIR's recurrent network on the part of the image that is not explained yet (`Residual`)."""

from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor
from torch.distributions import Normal

from objcentric.blocks.explain_away import explain_away
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.proposal_network import ProposalNetwork
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec


class Residual(Scheduler):
    """AIR's recurrent network on the image minus what earlier steps drew (the idea of DAIR).

    Without the residual, a step has to remember where the others looked, and the model may learn to
    draw a third of every object in each step. In the residual, an object that was drawn is gone. No
    gradient flows through it.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.
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
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = ProposalNetwork(scene, head, hidden)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        def propose(
            left: Tensor, previous: Tensor, hidden: Tensor
        ) -> tuple[Tensor, Normal, Tensor]:
            return self.network.propose(self.network.project(left), previous, hidden)

        return explain_away(propose, self.network.start(image), image, perception, self.slots)
