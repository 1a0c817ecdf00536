"""Components whose fault an ordinary run of the shared checks would not show."""

import torch
from broken.schedulers import AtOnce
from torch import nn

from objcentric.scene import SceneSpec
from objcentric.testing.partners.linear_decoder import LinearDecoder

GOOD: list[type] = []


class Reseeding(LinearDecoder):
    """Makes every run draw the same numbers."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        torch.manual_seed(7)


class Average(AtOnce):
    """Looks at how an image differs from the others."""

    def forward(self, image, perception):
        return super().forward(image - image.mean(0, keepdim=True), perception)


class SmallAtFirst(AtOnce):
    """Exponentiates without a bound what begins near 0."""

    def __init__(self, scene: SceneSpec) -> None:
        super().__init__(scene)
        nn.init.normal_(self.layer.weight, std=1e-6)
        nn.init.zeros_(self.layer.bias)

    def scale(self, raw):
        return (20 * raw).exp()


BROKEN = {
    "global_state": Reseeding,
    "other_images": Average,
    "drifting_slots": SmallAtFirst,
}
