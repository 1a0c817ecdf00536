"""What is asked of sprite sources."""

from typing import get_args

import torch

from objcentric.interfaces import Split, Sprites, SpriteSource
from objcentric.testing.check import Check
from objcentric.testing.expecting import expect
from objcentric.testing.scratch import scratch_cache
from objcentric.testing.subject import Subject


def sprites_consistent(subject: Subject) -> None:
    """There is a label from 0 for every image, and images are 8-bit intensities, the same twice."""
    one, two = _sprites(subject, "train"), _sprites(subject, "train")
    expect(one.images.dtype == torch.uint8, "images in uint8", one.images.dtype)
    expect(one.images.ndim == 4, "images (N, C, h, w)", tuple(one.images.shape))
    expect(
        one.labels.shape == one.images.shape[:1],
        f"{len(one.images)} labels, one for an image",
        tuple(one.labels.shape),
    )
    expect(one.labels.min() >= 0, "labels from 0", int(one.labels.min()))
    same = torch.equal(two.images, one.images) and torch.equal(two.labels, one.labels)
    expect(same, "the same sprites again", "others")


def sprite_splits_differ(subject: Subject) -> None:
    """Train and test share no object images."""
    train, test = (_sprites(subject, split) for split in get_args(Split))
    known = {image.numpy().tobytes() for image in train.images}
    shared = sum(image.numpy().tobytes() in known for image in test.images)
    expect(shared == 0, "no image in both splits", shared)


def _sprites(subject: Subject, split: Split) -> Sprites:
    with scratch_cache():
        sprites: Sprites = subject.build().sprites(split)
        return sprites


CHECKS = (Check(SpriteSource, sprites_consistent), Check(SpriteSource, sprite_splits_differ))
