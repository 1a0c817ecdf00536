"""Drawn bars as sprites (`Bars`)."""

import torch

from objcentric.interfaces import Split, Sprites, SpriteSource

SIDE, NUMBER = 28, 200
THICKNESS: dict[Split, int] = {"train": 5, "validation": 4, "test": 6}


class Bars(SpriteSource):
    """Horizontal and vertical bars, classes 0 and 1. Their thickness tells the splits apart, so
    that none of them share an image."""

    def sprites(self, split: Split) -> Sprites:
        chance = torch.Generator().manual_seed(0)
        labels = torch.arange(NUMBER) % 2
        images = torch.zeros(NUMBER, 1, SIDE, SIDE, dtype=torch.uint8)
        for image, label in zip(images[:, 0], labels.tolist(), strict=True):
            x, y, length = torch.randint(2, 12, (3,), generator=chance).tolist()
            bar = image.T if label else image
            bar[y : y + THICKNESS[split], x : x + 4 + length] = 255
        return Sprites(images, labels)
