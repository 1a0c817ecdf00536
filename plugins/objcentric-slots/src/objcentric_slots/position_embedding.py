"""Telling a feature map where it is (`PositionEmbedding`)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class PositionEmbedding(nn.Module):
    """Adds a learned linear map of (x, y, 1 - x, 1 - y) to every place of a map (Locatello et al.
    2020, arXiv:2006.15055, appendix E.2); x and y run from 0 to 1.

    Args:
        channels: of the map.
        height: of the map.
        width: of the map.
        scale: by which torch's initial weights are multiplied.
    """

    positions: Tensor

    def __init__(self, channels: int, height: int, width: int, *, scale: float = 1.0) -> None:
        super().__init__()
        y = torch.linspace(0, 1, height).unsqueeze(1).expand(height, width)
        x = torch.linspace(0, 1, width).unsqueeze(0).expand(height, width)
        self.register_buffer("positions", torch.stack([x, y, 1 - x, 1 - y]), persistent=False)
        self.project = nn.Conv2d(4, channels, 1)
        with torch.no_grad():
            for weight in self.project.parameters():
                weight.mul_(scale)

    def embedding(self) -> Float[Tensor, "channels height width"]:
        """What is added."""
        added: Tensor = self.project(self.positions)
        return added

    def forward(
        self, maps: Float[Tensor, "*batch channels #height #width"]
    ) -> Float[Tensor, "*batch channels height width"]:
        return maps + self.embedding()
