"""Scene and sprite sources, some that are right and others that fail a check."""

import hashlib
import itertools
from dataclasses import replace

import torch

from objcentric.interfaces import Scenes, SceneSource, SceneStream
from objcentric.testing.partners.strokes import Strokes

count = itertools.count()


class Dots(SceneSource):
    """No dot or one of 2×2 pixels on 8×8 ones."""

    image_shape = (1, 8, 8)
    seeds = {"train": 0, "validation": 1, "test": 2}  # noqa: RUF012

    def scenes(self, split):
        n = 12
        chance = torch.Generator().manual_seed(self.seeds[split])
        counts = torch.arange(n) % 2
        x, y = torch.randint(0, 7, (2, n), generator=chance)
        images = torch.zeros(n, 1, 8, 8, dtype=torch.uint8)
        for i in counts.nonzero().flatten().tolist():
            images[i, 0, y[i] : y[i] + 2, x[i] : x[i] + 2] = 255
        boxes = torch.stack([x, y, x + 2, y + 2], -1).float() * counts[:, None]
        return Scenes(
            images=images,
            counts=counts,
            boxes=boxes[:, None],
            labels=counts[:, None] - 1,
            segmentation=(images[:, 0] > 0).to(torch.uint8),
            sha256=hashlib.sha256(images.numpy().tobytes()).hexdigest(),
        )


class Shifted(Dots):
    """Boxes beside the dots."""

    def scenes(self, split):
        scenes = super().scenes(split)
        return replace(scenes, boxes=scenes.boxes.flip(-1).roll(2, -1))


class Restless(Dots):
    @property
    def seeds(self):  # type: ignore[override]
        number = 3 * next(count)
        return {"train": number, "validation": number + 1, "test": number + 2}


class OneSplit(Dots):
    seeds = {"train": 0, "validation": 1, "test": 1}  # noqa: RUF012


class Counted(SceneStream):
    """Dots that move by a pixel from epoch to epoch."""

    def __init__(self, scenes):
        self.first = scenes

    def at(self, numbers, known):
        n = len(self.first)
        scenes, shifts = self.first.images[numbers % n], (numbers // n).tolist()
        images = [image.roll(shift, -1) for image, shift in zip(scenes, shifts, strict=True)]
        return torch.stack(images), self.first.at(numbers % n).only(known)


class Endless(Dots):
    def scenes(self, split):
        scenes = super().scenes(split)
        return replace(scenes, stream=Counted(scenes)) if split == "train" else scenes


class Returning(Counted):
    """The same scenes in every epoch."""

    def at(self, numbers, known):
        return super().at(numbers % len(self.first), known)


class Circle(Dots):
    def scenes(self, split):
        scenes = super().scenes(split)
        return replace(scenes, stream=Returning(scenes)) if split == "train" else scenes


class Unlabelled(Strokes):
    def sprites(self, split):
        sprites = super().sprites(split)
        return replace(sprites, labels=sprites.labels - 1)


class OneSpriteSplit(Strokes):
    def sprites(self, split):
        return super().sprites("train")


GOOD = [Dots, Endless, Strokes]
BROKEN = {
    "scenes_consistent": Shifted,
    "same_digest": Restless,
    "splits_differ": OneSplit,
    "stream_continues": Circle,
    "sprites_consistent": Unlabelled,
    "sprite_splits_differ": OneSpriteSplit,
}
