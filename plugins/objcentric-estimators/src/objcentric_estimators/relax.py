"""The score function with a learnt control variate (`Relax`)."""

from math import prod

import torch
from einops import rearrange, repeat
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor, nn

from objcentric.blocks.mlp import mlp
from objcentric.interfaces import Context, Cost
from objcentric.scene import SceneSpec
from objcentric_estimators.relaxed_control import RelaxedControl


class Relax(RelaxedControl):
    """RELAX, which adds a learnt network to the control variate of REBAR (Grathwohl et al. 2018,
    arXiv:1711.00123).

    The control variate is c(z) = η f(σ(z / temperature)) + r(image, σ(z / temperature)). The
    network r is 0 at first, so that training starts as with REBAR. Like η and the temperature, r is
    trained to make the variance of the gradient small.

    Args:
        scene: sizes of the scene.
        temperature: initial temperature, positive.
        hidden: widths of the network's hidden layers.
        samples: presence codes drawn per image; each costs a hard and a relaxed canvas.
    """

    def __init__(
        self,
        scene: SceneSpec,
        *,
        temperature: PositiveFloat = 0.5,
        hidden: tuple[PositiveInt, ...] = (256,),
        samples: PositiveInt = 1,
    ) -> None:
        super().__init__(temperature=temperature, samples=samples)
        self.network = mlp([prod(scene.image_shape) + scene.slots, *hidden, 1])
        for parameter in self.network[-1].parameters():
            nn.init.zeros_(parameter)

    def control_variate(
        self, relaxed: Float[Tensor, "S B K"], cost: Cost, context: Context
    ) -> Float[Tensor, "S B"]:
        image = repeat(context.image, "b c h w -> s b (c h w)", s=relaxed.shape[0])
        # Relaxed codes and not z: z is unbounded where a slot that is never reached drifts.
        residual = self.network(torch.cat([image, relaxed], dim=-1))
        return self.eta * cost(relaxed) + rearrange(residual, "s b 1 -> s b")
