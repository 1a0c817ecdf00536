"""AIR's inference with a long short-term memory."""

from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.cell_network import CellNetwork
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.unroll import unroll
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec


class Lstm(Scheduler):
    """AIR's recurrence by an LSTM (Eslami et al. 2016; Hochreiter & Schmidhuber 1997).

    Every step sees features of the whole image, which are computed once, and the previous object;
    the gates decide what is remembered of the earlier ones.

    Args:
        scene: sizes of the scene.
        hidden: width of the image features and of the recurrent state.
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
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = CellNetwork(scene, head, nn.LSTMCell, hidden)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        return unroll(self.network, image, perception, self.slots)
