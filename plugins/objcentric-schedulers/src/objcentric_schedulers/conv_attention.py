"""Inference by spatial attention over what is left to explain (`ConvAttention`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.blocks.aim import Aim
from objcentric.blocks.explain_away import explain_away
from objcentric.blocks.proposal_head import ProposalHead
from objcentric.blocks.proposal_network import ProposalNetwork
from objcentric.blocks.spatial_attention import SpatialAttention
from objcentric.drafts import Drafts
from objcentric.interfaces import Scheduler
from objcentric.interfaces.perception import Perception
from objcentric.normal import Normal
from objcentric.scene import SceneSpec


class ConvAttention(Scheduler):
    """Recurrent spatial attention: each step attends to a place that is not explained yet, and
    proposes an object there.

    The image minus what earlier steps drew goes through convolutions. A spatial softmax over their
    features gives a position and the features there. AIR's recurrent layers see these instead of
    the image, and their outputs are relative to the position. What has been drawn is a second input
    of the convolutions, so that they can tell the remains of an object from a whole one. For
    objects that are small in their image, which fully connected layers do not learn to localise.

    Args:
        scene: sizes of the scene.
        channels: channels of the feature map.
        hidden: width of the recurrent layers and of their state.
        presence_bias: initial log-odds of presence.
        where_log_var: initial log variance of where.
        where_log_var_bound: largest absolute log variance of where; null for no bound.

    Raises:
        ValueError: the glimpser's where has no coordinates x and y.
    """

    offers = frozenset({"ordered presence"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        channels: PositiveInt = 16,
        hidden: PositiveInt = 256,
        presence_bias: float = 2.0,
        where_log_var: float = -3.0,
        where_log_var_bound: PositiveFloat | None = 3.0,
    ) -> None:
        super().__init__(scene)
        self.aim = Aim.by(scene.where)
        self.attention = SpatialAttention(2 * scene.channels, channels)
        head = ProposalHead(scene.where, presence_bias, where_log_var, where_log_var_bound)
        self.network = ProposalNetwork(scene, head, hidden, inputs=channels + 2)

    def forward(self, image: Float[Tensor, "B C H W"], perception: Perception) -> Drafts:
        def propose(
            left: Tensor, previous: Tensor, hidden: Tensor
        ) -> tuple[Tensor, Normal, Tensor]:
            features, position = self.attention(torch.cat([left, image - left], dim=1))
            seen = self.network.project(torch.cat([features, position], -1))
            logit, where, hidden = self.network.propose(seen, previous, hidden)
            mean = self.aim.around(
                rearrange(position, "b xy -> b 1 xy"), where.mean, perception.glimpser
            )
            return logit, Normal(mean, where.stddev, validate_args=False), hidden

        return explain_away(propose, self.network.start(image), image, perception, self.slots)
