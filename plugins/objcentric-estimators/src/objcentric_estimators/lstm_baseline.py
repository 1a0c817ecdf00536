"""A baseline with an LSTM cell (`LstmBaseline`)."""

import math

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor, nn

from objcentric.blocks.mlp import mlp
from objcentric.blocks.step_network import as_previous
from objcentric.interfaces import Baseline, Context
from objcentric.scene import SceneSpec


class LstmBaseline(Baseline):
    """An LSTM that predicts the cost at every step, as in Pyro's AIR.

    Each step reads all pixels and the object of the step before, as the `lstm` scheduler without an
    image layer does. For ordered presence.

    Args:
        scene: sizes of the scene.
        hidden: width of the recurrent state.
        output_hidden: widths of the hidden layers between the cell and the prediction.
    """

    needs = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        hidden: PositiveInt = 256,
        output_hidden: tuple[PositiveInt, ...] = (200,),
    ) -> None:
        super().__init__()
        self.latents = 1 + scene.where_dim + scene.what_dim
        self.cell = nn.LSTMCell(math.prod(scene.image_shape) + self.latents, hidden)
        self.last = mlp([hidden, *output_hidden, 1])

    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        pixels = rearrange(context.image, "b c h w -> b (c h w)")
        previous, state = pixels.new_ones(pixels.shape[0], self.latents), None
        predictions = []
        for where, what in zip(context.where.split(1, 1), context.what.split(1, 1), strict=True):
            state = self.cell(torch.cat([pixels, previous], dim=-1), state)
            predictions.append(self.last(state[0]))
            previous = as_previous(where, what)
        return torch.cat(predictions, dim=-1)
