"""Scenes of white squares (`Squares`)."""

import hashlib
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from objcentric.interfaces import Scenes, SceneSource, Split

CANVAS, SMALLEST, LARGEST, MOST = 50, 8, 14, 2


class Squares(SceneSource):
    """None to two white squares on a black canvas of 50×50 pixels, one in each half.

    Args:
        train: number of training scenes.
        validation: number of validation scenes.
        test: number of test scenes.
        seed: seed of the data, not of the run.
    """

    def __init__(
        self,
        *,
        train: Annotated[int, Field(gt=0)] = 10_000,
        validation: Annotated[int, Field(gt=0)] = 2_000,
        test: Annotated[int, Field(gt=0)] = 2_000,
        seed: Annotated[int, Field(ge=0)] = 0,
    ) -> None:
        self.numbers: dict[Split, int] = {"train": train, "validation": validation, "test": test}
        self.seed = seed

    @property
    def image_shape(self) -> tuple[int, int, int]:
        return (1, CANVAS, CANVAS)

    def scenes(self, split: Split) -> Scenes:
        n = self.numbers[split]
        # A generator of its own: scenes depend on nothing but the options and the split.
        chance = torch.Generator().manual_seed(3 * self.seed + list(self.numbers).index(split))
        counts = torch.randint(0, MOST + 1, (n,), generator=chance)
        images = torch.zeros(n, 1, CANVAS, CANVAS, dtype=torch.uint8)
        boxes = torch.zeros(n, MOST, 4)
        for image, box, count in zip(images, boxes, counts.tolist(), strict=True):
            for m in range(count):
                box[m] = torch.tensor(_square(m, chance))
                x0, y0, x1, y1 = box[m].int().tolist()
                image[:, y0:y1, x0:x1] = 255
        return Scenes(images=images, counts=counts, boxes=boxes, sha256=_digest(images, boxes))


def _square(m: int, chance: torch.Generator) -> tuple[int, int, int, int]:
    """Corners `(x0, y0, x1, y1)` of a square in the left half (m = 0) or in the right one."""
    half = CANVAS // 2
    side = _between(SMALLEST, LARGEST, chance)
    x0 = m * half + _between(0, half - side, chance)
    y0 = _between(0, CANVAS - side, chance)
    return (x0, y0, x0 + side, y0 + side)


def _between(low: int, high: int, chance: torch.Generator) -> int:
    return int(torch.randint(low, high + 1, (), generator=chance))


def _digest(*tensors: Tensor) -> str:
    """Changes whenever the protocol's version or the scenes do."""
    digest = hashlib.sha256(b"squares 1")
    for tensor in tensors:
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()
