"""Scenes for the lesson, made here: digits and coloured shapes (`lesson_scenes`)."""

from functools import cache
from typing import Any

from jaxtyping import UInt8
from torch import Tensor

from objcentric.interfaces import SceneSource, SpriteSource
from objcentric.registry import Registry

FEW = 12
"""Scenes that are made, of which those with most objects are shown."""

SHOWN = 3


@cache
def lesson_scenes() -> dict[str, UInt8[Tensor, "C H W"]]:
    """Scenes by name. Their digits are those that scikit-learn ships, so nothing is downloaded."""
    registry = Registry.discover()
    digits = registry.find(SpriteSource, "bundled").load()()
    return _scenes("digits", registry, "scattered", digits=digits) | _scenes(
        "shapes", registry, "sprites"
    )


def _scenes(
    name: str, registry: Registry, source: str, **options: Any
) -> dict[str, UInt8[Tensor, "C H W"]]:
    component: Any = registry.find(SceneSource, source).load()
    few = component(train=1, validation=FEW, test=1, **options).scenes("validation")
    fullest = few.counts.argsort(descending=True, stable=True)[:SHOWN]
    return {f"{name} {number}": few.images[at] for number, at in enumerate(fullest.tolist(), 1)}
