"""An interface that objcentric does not know, one component that keeps it and one that does not."""

from abc import abstractmethod

import torch
from torch import nn

from objcentric.component import Component
from objcentric.testing import Exercise, InterfaceKit, expect


class Lens(Component, nn.Module):
    """Turns an image into another one, and black into black."""

    @abstractmethod
    def forward(self, image):
        """The image through the lens, `(B, C, H, W)`."""


class Tinted(Lens):
    """Takes some of the light."""

    def __init__(self) -> None:
        super().__init__()
        self.share = nn.Parameter(torch.tensor(0.5))

    def forward(self, image):
        return self.share * image


class Glowing(Lens):
    """Shines by itself, which a lens must not."""

    def __init__(self) -> None:
        super().__init__()
        self.light = nn.Parameter(torch.tensor(0.1))

    def forward(self, image):
        return image + self.light


def keeps_black(subject):
    """A black image stays black."""
    seen = subject.build()(torch.zeros(1, *subject.scene.image_shape))
    expect(not seen.any(), "a black image to stay black", seen.max().item())


KIT = InterfaceKit(
    Lens,
    Exercise(
        takes={"image": "B C H W"},
        gives={"seen": "B C H W"},
        use=lambda lens, scene, given: {"seen": lens(given["image"])},
    ),
    checks=(keeps_black,),
)
