"""One step of AIR's recurrent network (`StepNetwork`)."""

import math

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from objcentric.scene import SceneSpec


class StepNetwork(nn.Module):
    """From image, previous object and previous hidden state to outputs and a new hidden state.

    There are three fully connected layers with ReLU between them. The last gives the outputs and
    the hidden state side by side. The first has two parts, one for the image and one for the rest,
    so that the image's part is computed once per image (`project`) and not at every step. Both
    parts are initialised as one layer, with the fan-in of all inputs.

    Args:
        scene: sizes of the scene.
        outputs: number of outputs.
        hidden: width of the layers and of the hidden state.
        inputs: number of image features; None for all pixels.
    """

    def __init__(
        self, scene: SceneSpec, outputs: int, hidden: int, inputs: int | None = None
    ) -> None:
        super().__init__()
        self.inputs = math.prod(scene.image_shape) if inputs is None else inputs
        self.latents = 1 + scene.where_dim + scene.what_dim + hidden
        self.hidden = hidden
        self.outputs = outputs
        self.first_of_image = nn.Linear(self.inputs, hidden)
        self.first_of_latents = nn.Linear(self.latents, hidden, bias=False)
        bound = 1 / math.sqrt(self.inputs + self.latents)
        for parameter in (*self.first_of_image.parameters(), *self.first_of_latents.parameters()):
            nn.init.uniform_(parameter, -bound, bound)
        self.second = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, outputs + hidden)

    def project(self, image: Float[Tensor, "B *features"]) -> Float[Tensor, "B hidden"]:
        """The contribution of the image, or of its features, to the first layer."""
        flat: Tensor = self.first_of_image(rearrange(image, "b ... -> b (...)"))
        return flat

    def start(
        self, image: Float[Tensor, "B C H W"]
    ) -> tuple[Float[Tensor, "B latent"], Float[Tensor, "B hidden"]]:
        """The previous object (ones) and the hidden state (zeros) of the first step."""
        n = image.shape[0]
        return image.new_ones(n, self.latents - self.hidden), image.new_zeros(n, self.hidden)

    def forward(
        self,
        projection: Float[Tensor, "B hidden"],
        previous: Float[Tensor, "B latent"],
        hidden: Float[Tensor, "B hidden"],
    ) -> tuple[Float[Tensor, "B outputs"], Float[Tensor, "B hidden"]]:
        first = projection + self.first_of_latents(torch.cat([previous, hidden], dim=-1))
        out = self.last(F.relu(self.second(F.relu(first))))
        outputs, hidden = out.split([self.outputs, self.hidden], dim=-1)
        return outputs, hidden


def as_previous(
    where: Float[Tensor, "B 1 D"], what: Float[Tensor, "B 1 W"]
) -> Float[Tensor, "B latent"]:
    """An object as the next step sees it: presence, where and what.

    Presence is 1, because the next step matters only if this step's object is present.
    """
    present = torch.ones_like(what[..., :1])
    return rearrange(torch.cat([present, where, what], dim=-1), "b 1 d -> b d")
