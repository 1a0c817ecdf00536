"""The conformance kit of sprite sources: images with labels, and separate splits."""

import torch

from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric.testing.check import PAGE
from objcentric.testing.expecting import expect
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.partners.strokes import Strokes
from objcentric.testing.scratch import scratch_cache
from objcentric.testing.subject import Subject


def sprites_consistent(subject: Subject) -> None:
    """Every 8-bit image has a label, at least 0; a second call gives the same sprites."""
    one, two = _sprites(subject, "train"), _sprites(subject, "train")
    expect(one.images.dtype == torch.uint8, "images in uint8", one.images.dtype)
    expect(one.images.ndim == 4, "images (N, C, h, w)", tuple(one.images.shape))
    expect(
        one.labels.shape == one.images.shape[:1],
        f"{len(one.images)} labels, one per image",
        tuple(one.labels.shape),
    )
    expect(one.labels.min() >= 0, "labels from 0", int(one.labels.min()))
    same = torch.equal(two.images, one.images) and torch.equal(two.labels, one.labels)
    expect(same, "the same sprites again", "others")


def sprite_splits_differ(subject: Subject) -> None:
    """No object image of the test split occurs in another split."""
    test, *others = (_images(subject, split) for split in ("test", "train", "validation"))
    shared = sum(len(test & images) for images in others)
    expect(shared == 0, "no image of the test split in another one", shared)


def _images(subject: Subject, split: Split) -> set[bytes]:
    return {image.numpy().tobytes() for image in _sprites(subject, split).images}


def _sprites(subject: Subject, split: Split) -> Sprites:
    with scratch_cache():
        sprites: Sprites = subject.build().sprites(split)
        return sprites


KIT = InterfaceKit(
    interface=SpriteSource,
    partner=Strokes,
    checks=(sprites_consistent, sprite_splits_differ),
    page=PAGE,
)
