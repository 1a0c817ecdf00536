"""What is asked of scene sources: scenes that are what is said of them, each time the same."""

import re
from typing import get_args

import torch
from einops import rearrange

from objcentric.interfaces import Scenes, SceneSource, Split
from objcentric.testing.check import Check
from objcentric.testing.expecting import expect
from objcentric.testing.scratch import scratch_cache
from objcentric.testing.subject import Subject

SPLITS: tuple[Split, ...] = get_args(Split)


def scenes_consistent(subject: Subject) -> None:
    """Counts, boxes, labels and segmentation speak of the same objects."""
    source = subject.build()
    for split in SPLITS:
        scenes = _scenes(subject, split)
        _expect_layout(source, scenes)
        m = rearrange(torch.arange(scenes.boxes.shape[1]), "m -> 1 m")
        exists = m < rearrange(scenes.counts, "n -> n 1")
        _expect_boxes(scenes, exists)
        labels = scenes.labels
        expect((labels[exists] >= 0).all(), "a label from 0 for every object", labels[exists].min())
        expect((labels[~exists] == -1).all(), "label -1 beyond the count", labels[~exists])
        _expect_segments(scenes)


def same_digest(subject: Subject) -> None:
    """The same options give the same scenes, to the bit, also without a cache."""
    one, two = (_scenes(subject, "test") for _ in range(2))
    expect(bool(re.fullmatch(r"[0-9a-f]{64}", one.sha256)), "64 hexadecimal digits", one.sha256)
    expect(two.sha256 == one.sha256, f"the digest {one.sha256} again", two.sha256)
    fields = ("images", "counts", "boxes", "labels", "segmentation")
    for name in fields:
        same = torch.equal(getattr(two, name), getattr(one, name))
        expect(same, f"the same {name} again", "others")


def splits_differ(subject: Subject) -> None:
    """Train and test scenes are different ones, though a few may be equal by chance."""
    train, test = (_scenes(subject, split) for split in SPLITS)
    expect(train.sha256 != test.sha256, "splits with digests of their own", "the same one")
    n = min(len(train), len(test))
    same = (train.images[:n] == test.images[:n]).flatten(1).all(1)
    blank = (test.counts[:n] == 0) | (train.counts[:n] == 0)
    shared = (same & ~blank).sum() / (~blank).sum().clamp(min=1)
    expect(shared < 0.5, "other images in the test split", f"{shared:.0%} equal in their places")


def _scenes(subject: Subject, split: Split) -> Scenes:
    with scratch_cache():
        scenes: Scenes = subject.build().scenes(split)
        return scenes


def _expect_layout(source: SceneSource, scenes: Scenes) -> None:
    n, most = len(scenes), scenes.boxes.shape[1]
    shape = tuple(scenes.images.shape[1:])
    expect(shape == source.image_shape, f"images of image_shape {source.image_shape}", shape)
    expect(scenes.images.dtype == torch.uint8, "images in uint8", scenes.images.dtype)
    wanted = {
        "counts": (n,),
        "boxes": (n, most, 4),
        "labels": (n, most),
        "segmentation": (n, *shape[1:]),
    }
    for name, size in wanted.items():
        got = tuple(getattr(scenes, name).shape)
        expect(got == size, f"{name} {size}", got)
    low, high = int(scenes.counts.min()), int(scenes.counts.max())
    expect(low >= 0 and high <= most, f"counts from 0 to {most}", f"{low} to {high}")


def _expect_boxes(scenes: Scenes, exists: torch.Tensor) -> None:
    height, width = scenes.images.shape[-2:]
    x0, y0, x1, y1 = scenes.boxes[exists].unbind(-1)
    expect(((x0 < x1) & (y0 < y1)).all(), "boxes with x0 < x1 and y0 < y1", "others, too")
    on_canvas = (x0 >= 0) & (y0 >= 0) & (x1 <= width) & (y1 <= height)
    expect(on_canvas.all(), "boxes on the canvas", f"{int((~on_canvas).sum())} that are not")
    beyond = scenes.boxes[~exists]
    expect(not beyond.any(), "boxes of 0 beyond the count", "others")


def _expect_segments(scenes: Scenes) -> None:
    """Object m's pixels, m + 1 in the segmentation, lie in box m."""
    scene, y, x = scenes.segmentation.nonzero(as_tuple=True)
    m = scenes.segmentation[scene, y, x].long() - 1
    counted = m < scenes.counts[scene]
    expect(counted.all(), "a segmentation of objects that are there", "of others, too")
    x0, y0, x1, y1 = scenes.boxes[scene, m].unbind(-1)
    inside = (x >= x0.floor()) & (x < x1.ceil()) & (y >= y0.floor()) & (y < y1.ceil())
    expect(inside.all(), "an object's pixels in its box", f"{int((~inside).sum())} beside it")


CHECKS = tuple(
    Check(SceneSource, function) for function in (scenes_consistent, same_digest, splits_differ)
)
