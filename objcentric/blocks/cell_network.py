"""A gated recurrent cell that proposes one object per step (`CellNetwork`)."""

import math
from collections.abc import Sequence

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Normal
from torch.nn import functional as F

from objcentric.blocks.he_start import he_start
from objcentric.blocks.mlp import mlp
from objcentric.blocks.normal_head import normal
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.scene import SceneSpec

Cell = type[nn.LSTMCell] | type[nn.GRUCell]
"""A kind of recurrent cell."""

State = Tensor | tuple[Tensor, Tensor] | None
"""The state of a cell; None, which stands for zeros, before the first step."""


class CellNetwork(nn.Module):
    """A recurrent cell, fed by the image and the previous object, with fully connected outputs.

    With torch's own initial weights, the first state is nearly the same for all images, and the
    network is slow to learn where to look. The initial weights here make the states differ.

    Args:
        scene: sizes of the scene.
        head: reads the outputs and initialises their layer.
        cell: the kind of recurrent cell.
        hidden: width of the image features and of the recurrent state.
        image_layer: whether a layer with ReLU reads the image before the cell does. Without it, the
            cell reads the pixels.
        output_hidden: widths of the hidden layers between the cell and the outputs.
    """

    def __init__(
        self,
        scene: SceneSpec,
        head: ProposalHead,
        cell: Cell,
        hidden: int,
        image_layer: bool = True,
        output_hidden: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.head = head
        self.latents = 1 + scene.where_dim + scene.what_dim
        pixels = math.prod(scene.image_shape)
        self.features = nn.Linear(pixels, hidden) if image_layer else None
        self.cell = cell((hidden if image_layer else pixels) + self.latents, hidden)
        widths = [hidden, *output_hidden]
        self.between = nn.Sequential(mlp(widths), nn.ReLU()) if output_hidden else nn.Identity()
        self.last = nn.Linear(widths[-1], head.size)
        if self.features is not None:
            he_start(self.features)
        he_start(self.between)
        start_gates(self.cell)
        head.start(self.last)

    def project(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B features"]:
        """Image features, or the pixels themselves."""
        pixels = rearrange(image, "b c h w -> b (c h w)")
        return pixels if self.features is None else F.relu(self.features(pixels))

    def start(self, image: Float[Tensor, "B C H W"]) -> tuple[Float[Tensor, "B latent"], State]:
        """The previous object of the first step, ones as in AIR, and no state."""
        return image.new_ones(image.shape[0], self.latents), None

    def propose(
        self,
        projection: Float[Tensor, "B features"],
        previous: Float[Tensor, "B latent"],
        state: State,
    ) -> tuple[Float[Tensor, "B 1"], Normal, State]:
        """Log-odds of presence and q(where) of the next slot, `(B, 1, where_dim)`; the state."""
        state = self.cell(torch.cat([projection, previous], dim=-1), state)
        hidden = state[0] if isinstance(state, tuple) else state
        logit, mean, log_var = self.head.read(
            rearrange(self.last(self.between(hidden)), "b d -> b 1 d")
        )
        return logit, normal(mean, log_var), state


def start_gates(cell: nn.LSTMCell | nn.GRUCell) -> None:
    """Initialises each gate as a separate layer: Xavier weights for inputs (Glorot & Bengio 2010),
    orthogonal weights for the state (Saxe et al. 2014, arXiv:1312.6120)."""
    with torch.no_grad():
        for of_inputs in cell.weight_ih.split(cell.hidden_size):
            nn.init.xavier_uniform_(of_inputs)
        for of_state in cell.weight_hh.split(cell.hidden_size):
            nn.init.orthogonal_(of_state)
