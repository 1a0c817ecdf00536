"""A scheduler that proposes all objects after one look (`OneGlance`)."""

from math import prod
from typing import Annotated

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.drafts import Drafts
from objcentric.interfaces import Perception, Scheduler
from objcentric.normal import Normal
from objcentric.presence import OrderedPresence
from objcentric.scene import SceneSpec


class OneGlance(Scheduler):
    """Proposes all K objects at once, from one network that sees the whole image.

    Args:
        scene: sizes of the scene.
        hidden: units of the hidden layer.
    """

    offers = frozenset({"ordered presence"})

    def __init__(self, scene: SceneSpec, *, hidden: Annotated[int, Field(gt=0)] = 200) -> None:
        super().__init__(scene)
        self.network = nn.Sequential(
            nn.Linear(prod(scene.image_shape), hidden),
            nn.ELU(),
            nn.Linear(hidden, self.slots * (1 + 2 * scene.where_dim)),
        )

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        pixels = rearrange(perception.foreground(image), "b c h w -> b (c h w)")
        outputs = rearrange(self.network(pixels), "b (k out) -> b k out", k=self.slots)
        dim = self.scene.where_dim
        logits, mean, raw = outputs.split([1, dim, dim], dim=-1)
        # From e⁻² to 1: bounded, because slots that are never reached may drift anywhere.
        std = torch.exp(torch.tanh(raw) - 1)
        where = perception.choose(Normal(mean, std, validate_args=False))
        what = perception.look(image, where.sample)
        presence = OrderedPresence(rearrange(logits, "b k 1 -> b k"), validate_args=False)
        return Drafts(presence, where, what, perception.draw(what.sample, where.sample))
