"""Digits to test with, and a cache that is not the user's."""

from pathlib import Path

import pytest
import torch

from objcentric.interfaces import Split, Sprites, SpriteSource

LABELS: dict[Split, range] = {
    "train": range(0, 7),
    "validation": range(0, 7),
    "test": range(7, 10),
}


class Noise(SpriteSource):
    """Sprites of random pixels, one of each label; test shares no label with the others."""

    def __init__(self, *, brightest: int = 255, side: int = 28) -> None:
        self.brightest = brightest
        self.side = side

    def sprites(self, split: Split) -> Sprites:
        random = torch.Generator().manual_seed(LABELS[split].start)
        shape = (len(LABELS[split]), 1, self.side, self.side)
        images = torch.randint(0, self.brightest + 1, shape, generator=random, dtype=torch.uint8)
        return Sprites(images, torch.tensor(LABELS[split]))


@pytest.fixture
def noise() -> Noise:
    return Noise()


@pytest.fixture
def faint_noise() -> Noise:
    """As `noise`, but no two of its pixels add up to more than 255."""
    return Noise(brightest=127)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of the test, which does not exist yet; nothing may be downloaded."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("OBJCENTRIC_CACHE", str(folder))
    monkeypatch.setenv("OBJCENTRIC_OFFLINE", "1")
    return folder
