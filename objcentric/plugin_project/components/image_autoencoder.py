"""A whole scene model without objects (`ImageAutoencoder`)."""

from math import prod
from typing import Annotated

import torch
from einops import rearrange, reduce
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from objcentric.interfaces import Inference, Objective, SceneModel
from objcentric.progress import Progress


class ImageAutoencoder(SceneModel):
    """An autoencoder of whole images, with one slot, which explains everything.

    Args:
        image_shape: `(C, H, W)` of an image.
        code: size of an image's code.
        hidden: units of each hidden layer.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        *,
        code: Annotated[int, Field(gt=0)] = 32,
        hidden: Annotated[int, Field(gt=0)] = 400,
    ) -> None:
        super().__init__()
        self.image_shape = image_shape
        pixels = prod(image_shape)
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ELU(), nn.Linear(hidden, code))
        self.decoder = nn.Sequential(nn.Linear(code, hidden), nn.ELU(), nn.Linear(hidden, pixels))

    def objective(self, image: Float[Tensor, "B C H W"], progress: Progress) -> Objective:
        canvas = self._canvas(self._code(image))
        error = reduce((image - canvas).square(), "b c h w -> b", "sum")
        return Objective(error.mean(), {"squared_error": error.detach()}, self._present(image))

    @torch.no_grad()
    def infer(self, image: Float[Tensor, "B C H W"]) -> Inference:
        code = self._code(image)
        everything = torch.ones_like(image[:, :1])  # (B, 1, H, W)
        return Inference(
            presence=self._present(image),
            presence_probs=self._present(image),
            slots=rearrange(code, "b d -> b 1 d"),
            canvas=self._canvas(code),
            masks=torch.cat([1 - everything, everything], dim=1),
        )

    def _code(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B code"]:
        return self.encoder(rearrange(image, "b c h w -> b (c h w)"))

    def _canvas(self, code: Float[Tensor, "B code"]) -> Float[Tensor, "B C H W"]:
        c, h, w = self.image_shape
        pixels = torch.sigmoid(self.decoder(code))
        return rearrange(pixels, "b (c h w) -> b c h w", c=c, h=h, w=w)

    def _present(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B 1"]:
        return torch.ones_like(image[:, 0, 0, :1])
