"""The conformance kit of scene sources: consistent truth, and the same scenes every time."""

import re
from itertools import combinations
from typing import get_args

import torch
from einops import rearrange
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from objcentric.interfaces import Scenes, SceneSource, SceneStream, Split
from objcentric.testing.check import PAGE
from objcentric.testing.expecting import expect
from objcentric.testing.interface_kit import InterfaceKit
from objcentric.testing.scratch import scratch_cache
from objcentric.testing.subject import Subject

SPLITS: tuple[Split, ...] = get_args(Split)
NOT_OF_OBJECTS = ("images", "counts", "segmentation")
"""The parts of the truth that have no entry per object."""
FEW = 300
"""Scenes of a split that are enough for the checks."""


def scenes_consistent(subject: Subject) -> None:
    """All parts of the truth describe the same objects."""
    for split in SPLITS:
        scenes = _scenes(subject, split)
        _expect_layout(subject.build(), scenes)
        if scenes.counts is not None:
            _expect_objects(scenes, scenes.counts)
        if scenes.segmentation is not None:
            _expect_segments(scenes, scenes.segmentation)


def same_digest(subject: Subject) -> None:
    """The same options give the same scenes, to the bit, even without a cache."""
    one, two = (_scenes(subject, "test") for _ in range(2))
    expect(bool(re.fullmatch(r"[0-9a-f]{64}", one.sha256)), "64 hexadecimal digits", one.sha256)
    expect(two.sha256 == one.sha256, f"the digest {one.sha256} again", two.sha256)
    before, after = _tensors(one), _tensors(two)
    expect(before.keys() == after.keys(), f"{sorted(before)} again", sorted(after))
    for name, value in before.items():
        expect(torch.equal(after[name], value), f"the same {name} again", "others")


def splits_differ(subject: Subject) -> None:
    """Splits have different scenes, though a few may be equal by chance."""
    splits = {split: _scenes(subject, split) for split in SPLITS}
    for (one, first), (two, second) in combinations(splits.items(), 2):
        expect(first.sha256 != second.sha256, f"{one} and {two} with digests of their own", "one")
        n = min(len(first), len(second))
        same = (first.images[:n] == second.images[:n]).flatten(1).all(1)
        told_apart = ~_blank(first.images[:n]) & ~_blank(second.images[:n])
        shared = (same & told_apart).sum() / told_apart.sum().clamp(min=1)
        equal = f"{shared:.0%} equal in their places"
        expect(shared < 0.5, f"other images in {two} than in {one}", equal)


def stream_continues(subject: Subject) -> None:
    """Training scenes without end begin with the scenes of the split, and go on with others."""
    scenes = _scenes(subject, "train")
    if scenes.stream is None:
        return
    n, known = len(scenes), scenes.known
    before = torch.get_rng_state()
    _expect_same(scenes.stream, torch.arange(n), scenes, torch.arange(n))
    later = torch.arange(n, 2 * n)
    images, truth = scenes.stream.at(later, known)
    untouched = torch.equal(torch.get_rng_state(), before)
    expect(untouched, "torch's random state as it was", "another state")
    followed = Scenes(**vars(truth), images=images, sha256="")
    _expect_same(scenes.stream, later.flip(0), followed, torch.arange(n).flip(0))
    same = (images == scenes.images).flatten(1).all(1)
    told_apart = ~_blank(images) & ~_blank(scenes.images)
    shared = (same & told_apart).sum() / told_apart.sum().clamp(min=1)
    expect(shared < 0.5, "other images in the next epoch", f"{shared:.0%} equal in their places")


def _expect_same(
    stream: SceneStream, numbers: Int[Tensor, " n"], scenes: Scenes, at: Int[Tensor, " n"]
) -> None:
    """Asserts that scenes of some numbers are those that are known."""
    images, truth = stream.at(numbers, scenes.known)
    made = _tensors(Scenes(**vars(truth), images=images, sha256=""))
    for name, value in _tensors(scenes).items():
        expect(name in made, f"{name} in the truth of the stream", sorted(made))
        equal = torch.equal(made[name], value[at])
        expect(equal, f"the same {name} for the same numbers", "others")


def _scenes(subject: Subject, split: Split) -> Scenes:
    """The scenes of a split; few of them, if the source has an option for their number."""
    with scratch_cache():
        scenes: Scenes = _smaller(subject).build().scenes(split)
        return scenes


def _smaller(subject: Subject) -> Subject:
    if subject.instance is not None:
        return subject
    many = {
        option.name: FEW
        for option in subject.signature.options
        if option.name in SPLITS and isinstance(option.default, int) and option.default > FEW
    }
    return Subject(
        subject.kind,
        options=many | subject.given,
        scene=subject.scene,
        registry=subject.registry,
        label=subject.label,
    )


def _tensors(scenes: Scenes) -> dict[str, Tensor]:
    """All tensors of scenes, by name."""
    fields = ("images", "counts", "boxes", "labels", "segmentation")
    found = {name: getattr(scenes, name) for name in fields} | dict(scenes.attributes)
    return {name: value for name, value in found.items() if value is not None}


def _blank(images: UInt8[Tensor, "N C H W"]) -> Bool[Tensor, " N"]:
    """Which images have only one colour. Two empty scenes are equal in any split."""
    return (images == images[:, :, :1, :1]).flatten(1).all(1)


def _expect_layout(source: SceneSource, scenes: Scenes) -> None:
    shape = tuple(scenes.images.shape[1:])
    expect(shape == source.image_shape, f"images of image_shape {source.image_shape}", shape)
    expect(scenes.images.dtype == torch.uint8, "images in uint8", scenes.images.dtype)
    found = _tensors(scenes)
    of_objects = [value.shape[1] for name, value in found.items() if name not in NOT_OF_OBJECTS]
    n, most = len(scenes), max(of_objects, default=0)
    wanted = {
        "counts": (n,),
        "boxes": (n, most, 4),
        "labels": (n, most),
        "segmentation": (n, *shape[1:]),
        **{name: (n, most, *value.shape[2:]) for name, value in scenes.attributes.items()},
    }
    for name, size in wanted.items():
        if name in found:
            expect(tuple(found[name].shape) == size, f"{name} {size}", tuple(found[name].shape))
    if scenes.counts is not None:
        low, high = int(scenes.counts.min()), int(scenes.counts.max())
        right = low >= 0 and (high <= most or not of_objects)
        expect(right, f"counts from 0 to {most}", f"{low} to {high}")


def _expect_objects(scenes: Scenes, counts: Int[Tensor, " N"]) -> None:
    """Asserts that boxes and labels exist up to the count, and not beyond."""
    most = max((v.shape[1] for v in (scenes.boxes, scenes.labels) if v is not None), default=0)
    m = rearrange(torch.arange(most), "m -> 1 m")
    exists = m < rearrange(counts, "n -> n 1")
    if scenes.boxes is not None:
        _expect_boxes(scenes.images, scenes.boxes, exists)
    if (labels := scenes.labels) is not None:
        expect((labels[exists] >= 0).all(), "a label from 0 for every object", labels[exists].min())
        expect((labels[~exists] == -1).all(), "label -1 beyond the count", labels[~exists])


def _expect_boxes(images: Tensor, boxes: Float[Tensor, "N M 4"], exists: Tensor) -> None:
    height, width = images.shape[-2:]
    x0, y0, x1, y1 = boxes[exists].unbind(-1)
    expect(((x0 < x1) & (y0 < y1)).all(), "boxes with x0 < x1 and y0 < y1", "others, too")
    on_canvas = (x0 >= 0) & (y0 >= 0) & (x1 <= width) & (y1 <= height)
    expect(on_canvas.all(), "boxes on the canvas", f"{int((~on_canvas).sum())} that are not")
    expect(not boxes[~exists].any(), "boxes of 0 beyond the count", "others")


def _expect_segments(scenes: Scenes, segmentation: UInt8[Tensor, "N H W"]) -> None:
    """Asserts that object m's pixels, m + 1 in the segmentation, lie in box m."""
    scene, y, x = segmentation.nonzero(as_tuple=True)
    m = segmentation[scene, y, x].long() - 1
    if scenes.counts is not None:
        counted = m < scenes.counts[scene]
        expect(counted.all(), "a segmentation of objects that are there", "of others, too")
    if scenes.boxes is not None:
        x0, y0, x1, y1 = scenes.boxes[scene, m].unbind(-1)
        inside = (x >= x0.floor()) & (x < x1.ceil()) & (y >= y0.floor()) & (y < y1.ceil())
        expect(inside.all(), "an object's pixels in its box", f"{int((~inside).sum())} beside it")


KIT = InterfaceKit(
    interface=SceneSource,
    checks=(scenes_consistent, same_digest, splits_differ, stream_continues),
    page=PAGE,
)
