"""AIR's inference network (`Recurrent`)."""

from typing import Literal

from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.blocks.he_start import he_start
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.proposal_network import ProposalNetwork
from objcentric.blocks.unroll import unroll
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec


class Recurrent(Scheduler):
    """AIR's recurrent network, one object per step (Eslami et al. 2016, section 2.1).

    Each step sees the image, the object of the step before and a recurrent state.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.
        start: initial weights of all layers but the outputs; `he` are larger, for high learning
            rates.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = None,
        start: Literal["torch", "he"] = "torch",
    ) -> None:
        super().__init__(scene)
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = ProposalNetwork(scene, head, hidden)
        if start == "he":
            he_start(self.network)
            head.start(self.network.last)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        return unroll(self.network, image, perception, self.slots)
