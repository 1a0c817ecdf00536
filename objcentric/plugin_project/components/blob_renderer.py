"""A renderer of soft discs (`BlobRenderer`)."""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from objcentric.drafts import Layers
from objcentric.interfaces import Renderer
from objcentric.scene import SceneSpec


class BlobRenderer(Renderer):
    """Draws each object as a soft disc, whose colour, centre and size are linear in what and where.

    Args:
        scene: sizes of the scene.
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__()
        channels, height, width = scene.image_shape
        self.reading = nn.Linear(scene.what_dim + scene.where_dim, channels + 3)
        self.register_buffer("rows", torch.linspace(-1, 1, height), persistent=False)
        self.register_buffer("columns", torch.linspace(-1, 1, width), persistent=False)

    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        read = self.reading(torch.cat([what, where], dim=-1))
        color, placed = torch.sigmoid(read[..., :-3]), torch.tanh(read[..., -3:])
        x, y, size = rearrange(placed, "b k value -> value b k 1")
        sharpness = 4 * torch.exp(2 * size)  # from ½ to 30
        across = torch.exp(-sharpness * (self.columns - x).square())  # (B, K, W)
        down = torch.exp(-sharpness * (self.rows - y).square())  # (B, K, H)
        disc = rearrange(down, "b k h -> b k 1 h 1") * rearrange(across, "b k w -> b k 1 1 w")
        return Layers(rearrange(color, "b k c -> b k c 1 1") * disc)
