"""A decoder of colour and opacity (`AlphaDecoder`)."""

from typing import Annotated

import torch
from jaxtyping import Float
from pydantic import Field, PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.drafts import Appearance
from objcentric.interfaces import ObjectDecoder
from objcentric.scene import SceneSpec
from objcentric_appearance.map_network import NetworkName, map_network


class AlphaDecoder(ObjectDecoder):
    """Decoder of a patch's colour and opacity alpha (SPAIR: Crawford & Pineau 2019, AAAI).

        color = sigmoid(c), alpha = sigmoid(sharpness * a + output_bias), (c, a) = network(what)

    Half an opacity of a bright colour looks like a whole one of a darker colour, so nothing but the
    start decides which of the two is learnt. Sharp opacities are soon near 0 or 1.

    Args:
        scene: sizes of the scene.
        network: the network of `air.mlp_decoder` (`mlp`), `ConvDecoder` (`conv`) or
            `SpatialBroadcastDecoder` (`broadcast`), with one more channel.
        widths: widths of the hidden layers (`mlp`), or channels of the maps.
        output_bias: added to alpha before the sigmoid. With a negative value objects are nearly
            transparent at first.
        sharpness: factor of the network's output before the bias of alpha is added.
    """

    needs = frozenset({"alpha compositing"})
    offers = frozenset({"alpha"})

    def __init__(
        self,
        scene: SceneSpec,
        *,
        network: NetworkName = "mlp",
        widths: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] | None = None,
        output_bias: float = -3.0,
        sharpness: PositiveFloat = 1.0,
    ) -> None:
        super().__init__()
        self.output_bias = output_bias
        self.sharpness = sharpness
        self.network = map_network(network, scene, scene.channels + 1, widths)

    def forward(self, what: Float[Tensor, "B K D"]) -> Appearance:
        maps = self.network(what)
        color, alpha = maps.split([maps.shape[2] - 1, 1], dim=2)
        return Appearance(
            torch.sigmoid(color), torch.sigmoid(self.sharpness * alpha + self.output_bias)
        )
