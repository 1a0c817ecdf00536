"""AIR's inference with a gated recurrent cell: `Lstm` and `Gru`."""

from abc import abstractmethod

from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.cell_network import Cell, CellNetwork
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.unroll import unroll
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.scene import SceneSpec


class Gated(Scheduler):
    """AIR's recurrent network with a gated cell (Eslami et al. 2016, section 2.1).

    Every step sees the previous object and features of the whole image, which are computed once.
    The gates decide what is remembered of earlier objects.

    Args:
        scene: sizes of the scene.
        hidden: width of the image features and of the recurrent state.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.
        image_layer: whether a layer with ReLU reads the image before the cell does. Without it, the
            cell reads the pixels, as in Pyro's AIR.
        output_hidden: widths of the hidden layers between the cell and its outputs.
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
        image_layer: bool = True,
        output_hidden: tuple[PositiveInt, ...] = (),
    ) -> None:
        super().__init__(scene)
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = CellNetwork(scene, head, self.cell(), hidden, image_layer, output_hidden)

    @staticmethod
    @abstractmethod
    def cell() -> Cell:
        """The kind of recurrent cell."""

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        return unroll(self.network, image, perception, self.slots)


class Lstm(Gated):
    """AIR's recurrent network with an LSTM cell (Hochreiter & Schmidhuber 1997).

    It takes the options of `Gated`.
    """

    @staticmethod
    def cell() -> Cell:
        return nn.LSTMCell


class Gru(Gated):
    """AIR's recurrent network with a GRU cell (Cho et al. 2014, arXiv:1406.1078).

    It takes the options of `Gated`. The state stays within (-1, 1), whatever the number of steps.
    """

    @staticmethod
    def cell() -> Cell:
        return nn.GRUCell
