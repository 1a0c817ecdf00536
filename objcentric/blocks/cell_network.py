"""A gated recurrent cell that proposes one object per step (`CellNetwork`)."""

import math

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Normal
from torch.nn import functional as F

from objcentric.blocks.he_start import he_start
from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.scene import SceneSpec

Cell = type[nn.LSTMCell] | type[nn.GRUCell]
"""A kind of recurrent cell."""

State = Tensor | tuple[Tensor, Tensor] | None
"""The state of a cell; None, which stands for zeros, before the first step."""


class CellNetwork(nn.Module):
    """A recurrent cell, fed by image features and the previous object, with one output layer.

    With torch's own initial weights, the first state is nearly the same for all images, and the
    network is slow to learn where to look. The initial weights here make the states differ.

    Args:
        scene: sizes of the scene.
        head: reads the outputs and initialises their layer.
        cell: the kind of recurrent cell.
        hidden: width of the image features and of the recurrent state.
    """

    def __init__(
        self,
        scene: SceneSpec,
        head: ProposalHead,
        cell: Cell,
        hidden: int,
    ) -> None:
        super().__init__()
        self.head = head
        self.latents = 1 + scene.where_dim + scene.what_dim
        self.features = nn.Linear(math.prod(scene.image_shape), hidden)
        self.cell = cell(hidden + self.latents, hidden)
        self.last = nn.Linear(hidden, head.size)
        he_start(self.features)
        start_gates(self.cell)
        head.start(self.last)

    def project(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B hidden"]:
        """Image features."""
        return F.relu(self.features(rearrange(image, "b c h w -> b (c h w)")))

    def start(self, image: Float[Tensor, "B C H W"]) -> tuple[Float[Tensor, "B latent"], State]:
        """The previous object of the first step, ones as in AIR, and no state."""
        return image.new_ones(image.shape[0], self.latents), None

    def propose(
        self,
        projection: Float[Tensor, "B hidden"],
        previous: Float[Tensor, "B latent"],
        state: State,
    ) -> tuple[Float[Tensor, "B 1"], Normal, State]:
        """Log-odds of presence and q(where) of the next slot, `(B, 1, where_dim)`; the state."""
        state = self.cell(torch.cat([projection, previous], dim=-1), state)
        hidden = state[0] if isinstance(state, tuple) else state
        logit, mean, log_var = self.head.read(rearrange(self.last(hidden), "b d -> b 1 d"))
        return logit, normal(mean, log_var), state


def start_gates(cell: nn.LSTMCell | nn.GRUCell) -> None:
    """Initialises each gate as a separate layer: Xavier weights for inputs (Glorot & Bengio 2010),
    orthogonal weights for the state (Saxe et al. 2014, arXiv:1312.6120)."""
    with torch.no_grad():
        for of_inputs in cell.weight_ih.split(cell.hidden_size):
            nn.init.xavier_uniform_(of_inputs)
        for of_state in cell.weight_hh.split(cell.hidden_size):
            nn.init.orthogonal_(of_state)
