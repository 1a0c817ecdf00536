"""AIR's neural baseline (`RecurrentBaseline`)."""

import torch
from jaxtyping import Float
from pydantic import PositiveInt
from torch import Tensor

from objcentric.blocks.step_network import StepNetwork, as_previous
from objcentric.interfaces import Baseline, Context
from objcentric.scene import SceneSpec


class RecurrentBaseline(Baseline):
    """A recurrent network like AIR's scheduler that predicts the cost at every step.

    For ordered presence. Its state is unbounded. Over the many slots of a grid it therefore
    diverges at the usual learning rates of baselines.

    Args:
        scene: sizes of the scene.
        hidden: width of the layers and of the recurrent state.
    """

    needs = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec, *, hidden: PositiveInt = 256) -> None:
        super().__init__()
        self.network = StepNetwork(scene, outputs=1, hidden=hidden)

    def forward(self, context: Context) -> Float[Tensor, "B K"]:
        projection = self.network.project(context.image)
        previous, hidden = self.network.start(context.image)
        predictions = []
        for where, what in zip(context.where.split(1, 1), context.what.split(1, 1), strict=True):
            prediction, hidden = self.network(projection, previous, hidden)
            predictions.append(prediction)
            previous = as_previous(where, what)
        return torch.cat(predictions, dim=-1)
