"""Drawn sprites, which need no data (`Strokes`)."""

import torch

from objcentric.interfaces import Split, Sprites, SpriteSource

SIDE, NUMBER = 28, 40


class Strokes(SpriteSource):
    """Vertical and horizontal bars, classes 0 and 1, with a different thickness in each split."""

    def sprites(self, split: Split) -> Sprites:
        chance = torch.Generator().manual_seed(0)
        thickness = {"train": 4, "validation": 2, "test": 3}[split]
        labels = torch.arange(NUMBER) % 2
        images = torch.zeros(NUMBER, 1, SIDE, SIDE, dtype=torch.uint8)
        for image, level in zip(images[:, 0], labels, strict=True):
            start, length, across = torch.randint(4, 12, (3,), generator=chance).tolist()
            bar = image.T if level else image
            bar[start : start + length, across : across + thickness] = 255
        return Sprites(images, labels)
