"""The interface of priors over scenes."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.distributions import Distribution

from objcentric.component import Component
from objcentric.normal import Normal
from objcentric.presence import Presence
from objcentric.progress import Progress
from objcentric.scene import SceneSpec


@dataclass(frozen=True)
class SceneBelief:
    """The prior at one moment of training.

    Attributes:
        presence: distribution of codes `(K,)`, without batch dimensions.
        where: batch and event shape together are `(K, where_dim)`.
        what: batch and event shape together are `(K, what_dim)`.
    """

    presence: Annotated[Presence, "K"]
    where: Annotated[Distribution, "K where"]
    what: Annotated[Distribution, "K what"]


class Prior(Component, nn.Module):
    """The prior of a scene: presence, where and what. It may change during training.

    By default where follows the glimpser's prior, N(loc, scale²) for each coordinate, and what
    follows N(0, I). A prior must define presence, and may override the other two.

    Args:
        scene: sizes of the scene.
    """

    where_loc: Tensor
    where_scale: Tensor
    what_loc: Tensor

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        self.slots = scene.slots
        where = torch.tensor([scene.where.loc, scene.where.scale])
        where_loc, where_scale = where.unsqueeze(1).expand(2, scene.slots, -1).unbind(0)
        # Not part of the state: they follow from the recipe.
        self.register_buffer("where_loc", where_loc.clone(), persistent=False)
        self.register_buffer("where_scale", where_scale.clone(), persistent=False)
        what_loc = torch.zeros(scene.slots, scene.what_dim)
        self.register_buffer("what_loc", what_loc, persistent=False)

    @abstractmethod
    def presence(self, progress: Progress) -> Presence:
        """Distribution of the presence code, logits `(K,)`."""

    def where(self, progress: Progress) -> Distribution:
        """Distribution of where, `(K, where_dim)`."""
        return Normal(self.where_loc, self.where_scale, validate_args=False)

    def what(self, progress: Progress) -> Distribution:
        """Distribution of what, `(K, what_dim)`."""
        return Normal(self.what_loc, torch.ones_like(self.what_loc), validate_args=False)

    def forward(self, progress: Progress) -> SceneBelief:
        return SceneBelief(self.presence(progress), self.where(progress), self.what(progress))

    def sample(
        self, n: int, progress: Progress
    ) -> tuple[Float[Tensor, "n K"], Float[Tensor, "n K where"], Float[Tensor, "n K what"]]:
        """`n` scenes: presence, where and what."""
        belief = self(progress)
        shape = torch.Size((n,))
        return (
            belief.presence.sample(shape),
            belief.where.sample(shape),
            belief.what.sample(shape),
        )
