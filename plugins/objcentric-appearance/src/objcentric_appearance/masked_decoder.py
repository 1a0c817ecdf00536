"""A decoder of colour and mask logits (`MaskedDecoder`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field, PositiveInt
from torch import Tensor

from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec
from objcentric_appearance.map_network import NetworkName, map_network


class MaskedDecoder(ObjectDecoder):
    """Decoder of a patch's colour and mask logits, for slots that compete for pixels (MONet:
    Burgess et al. 2019, arXiv:1901.11390; Slot Attention: Locatello et al. 2020, arXiv:2006.15055).

        color = sigmoid(c), mask_logits = m, (c, m) = network(what)

    Args:
        scene: sizes of the scene.
        network: the network of `air.mlp_decoder` (`mlp`), `ConvDecoder` (`conv`) or
            `SpatialBroadcastDecoder` (`broadcast`), with one more channel.
        widths: widths of the hidden layers (`mlp`), or channels of the maps.
        squash: whether colours go through a sigmoid. In Slot Attention they do not, and may leave
            [0, 1].
    """

    needs = frozenset({"competition"})
    offers = frozenset({"mask logits"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        network: NetworkName = "broadcast",
        widths: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] | None = None,
        squash: bool = True,
    ) -> None:
        super().__init__()
        self.squash = squash
        self.network = map_network(network, scene, scene.channels + 1, widths)

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        maps = self.network(what)
        color, mask_logits = maps.split([maps.shape[2] - 1, 1], dim=2)
        color = torch.sigmoid(color) if self.squash else color
        return Appearance(color, mask_logits=mask_logits)
