"""The network that AIR runs once a step."""

from math import prod

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.scene import SceneSpec


class StepNetwork(nn.Module):
    """Image, previous object and previous hidden state to a new hidden state and outputs.

    Three fully connected layers with ReLU between them; the last gives the outputs and the hidden
    state side by side. The image enters the first layer the same way at every step, so its share is
    computed once an image (`project`); the layer stays one layer of all inputs, because that is how
    it is initialised.

    Args:
        scene: sizes of the scene.
        outputs: how many outputs.
        hidden: width of the layers and of the hidden state.
    """

    def __init__(self, scene: SceneSpec, outputs: int, hidden: int) -> None:
        super().__init__()
        self.pixels = prod(scene.image_shape)
        self.latents = 1 + scene.where_dim + scene.what_dim + hidden
        self.hidden = hidden
        self.outputs = outputs
        self.first = nn.Linear(self.pixels + self.latents, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, outputs + hidden)

    def project(self, image: Float[Tensor, "B C H W"]) -> tuple[Tensor, Tensor]:
        """What the image adds to the first layer `(B, hidden)`, and that layer's other weights."""
        of_image, of_latents = self.first.weight.split([self.pixels, self.latents], dim=1)
        flat = rearrange(image, "b c h w -> b (c h w)")
        return F.linear(flat, of_image, self.first.bias), of_latents

    def start(
        self, image: Float[Tensor, "B C H W"]
    ) -> tuple[Float[Tensor, "B latent"], Float[Tensor, "B hidden"]]:
        """The previous object and hidden state of the first step: ones and zeros."""
        n = image.shape[0]
        return image.new_ones(n, self.latents - self.hidden), image.new_zeros(n, self.hidden)

    def forward(
        self,
        projection: tuple[Tensor, Tensor],
        previous: Float[Tensor, "B latent"],
        hidden: Float[Tensor, "B hidden"],
    ) -> tuple[Float[Tensor, "B outputs"], Float[Tensor, "B hidden"]]:
        from_image, of_latents = projection
        first = from_image + F.linear(torch.cat([previous, hidden], dim=-1), of_latents)
        out = self.last(F.relu(self.second(F.relu(first))))
        outputs, hidden = out.split([self.outputs, self.hidden], dim=-1)
        return outputs, hidden


def as_previous(
    where: Float[Tensor, "B D"], what: Float[Tensor, "B W"]
) -> Float[Tensor, "B latent"]:
    """An object as the next step sees it: presence, where, what.

    Presence is 1, because a next step matters only where this one's object is present.
    """
    return torch.cat([torch.ones_like(where[:, :1]), where, what], dim=-1)
