"""The generator of scenes of objects on a canvas, on which protocols are built
(`CanvasGenerator`)."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Int64, UInt8, UInt64

from objcentric.errors import ObjcentricError
from objcentric.interfaces import Scenes, Split
from objcentric.waiting import advanced
from objcentric_scenes.arrangement import Rule, arrange
from objcentric_scenes.backdrop import shared_picture
from objcentric_scenes.colors import (
    COLUMNS,
    Background,
    ObjectColors,
    background_colors,
    object_colors,
)
from objcentric_scenes.digest import content_sha256, sealed
from objcentric_scenes.painting import (
    Placed,
    add_up,
    cover,
    segment_added,
    segment_covered,
    tint,
    visible_pixels,
)
from objcentric_scenes.randomness import integers_below, raw_bits
from objcentric_scenes.scene_cache import cached_scenes
from objcentric_scenes.stamps import StampMaker, Stamps, StampSource

Overlap = Literal["add", "cover"]
"""Intensities add up and are clipped at 255, or later objects cover earlier ones."""

CHUNK = 1000
"""Scenes made at once, which bounds memory. Each chunk has random bits of its own, so this number
decides about the scenes."""

_STREAMS: dict[Split, int] = {"train": 0, "test": 1, "validation": 2}


class Purpose(IntEnum):
    """Purposes of random bits. The streams of attempts at positions start at the last one."""

    COUNTS = 0
    OBJECTS = 1
    COLORS = 2
    BACKGROUNDS = 3
    NOISE = 4
    ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class CanvasGenerator:
    """Makes scenes of objects on a square canvas.

    All counts are equally likely. Whatever a scene holds, its random numbers have places of their
    own, so that a smaller data set is the beginning of a larger one.

    Attributes:
        name: name of the protocol.
        version: version of the protocol; raised whenever the same options give other scenes.
        objects: where the objects come from.
        sizes: number of scenes of each split.
        canvas: side of a scene, in pixels.
        counts: numbers of objects, all equally likely.
        test_counts: the same for test scenes; empty if they are the same numbers.
        rule: what the positions must satisfy.
        overlap: `add` or `cover`.
        colors: colours of objects.
        background: what is behind the objects; with `add`, it adds to them.
        contrast: smallest distance of an object's colour from the background's, in thousandths of
            255.
        noise: largest change of an intensity by noise, which is uniform over -noise…noise.
        seed: seed of the data.

    Raises:
        ObjcentricError: there are no counts, or the largest object does not fit.
    """

    name: str
    version: int
    objects: StampSource
    sizes: Mapping[Split, int]
    canvas: int
    counts: tuple[int, ...]
    test_counts: tuple[int, ...] = ()
    rule: Rule = field(default_factory=Rule)
    overlap: Overlap = "add"
    colors: ObjectColors = "white"
    background: Background = "black"
    contrast: int = 0
    noise: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.counts:
            raise ObjcentricError("counts must name at least one number of objects")
        if self.objects.largest > self.canvas:
            raise ObjcentricError(
                f"the largest object, {self.objects.largest} pixels, does not fit on a canvas of "
                f"{self.canvas} pixels"
            )

    @property
    def channels(self) -> int:
        """1 for grey scenes, 3 for coloured ones."""
        return 1 if self.colors == "white" and self.background != "rgb" else 3

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """`(C, H, W)` of an image."""
        return (self.channels, self.canvas, self.canvas)

    @property
    def picture(self) -> UInt8[np.ndarray, "H W C"] | None:
        """The picture behind all scenes; none if each has a colour of its own."""
        if self.background != "picture":
            return None
        return shared_picture(self.canvas, self.channels, self.seed)

    def scenes(self, split: Split) -> Scenes:
        """The scenes of a split, from the cache if they are there.

        Raises:
            DataUnavailable: object images are missing and may not be downloaded.
            ObjcentricError: the objects of a scene cannot be placed by the rule.
        """
        maker = self.objects.maker(split)
        options = self._options(split)
        digest = content_sha256(
            f"{self.protocol} {json.dumps(options, sort_keys=True)} {maker.identity}", {}
        )
        name = f"{self.name}-v{self.version}-{split}-{digest[:24]}"
        return cached_scenes(name, self.protocol, lambda: self._generate(split, maker))

    @property
    def protocol(self) -> str:
        """Name and version, which are part of digests."""
        return f"{self.name} version {self.version}"

    def _counts(self, split: Split) -> tuple[int, ...]:
        return self.test_counts if split == "test" and self.test_counts else self.counts

    def _options(self, split: Split) -> dict[str, object]:
        """All that decides about the scenes of a split, except its objects."""
        names = ("canvas", "overlap", "colors", "background", "contrast", "noise", "seed")
        own = {name: getattr(self, name) for name in names}
        counts = {"counts": self._counts(split)}
        return own | counts | asdict(self.rule) | {"scenes": self.sizes[split], "split": split}

    def _generate(self, split: Split, maker: StampMaker) -> Scenes:
        n = self.sizes[split]
        chunks = []
        for start in range(0, n, CHUNK):
            size = min(CHUNK, n - start)
            chunks.append(self._chunk(split, maker, start // CHUNK, size))
            advanced(start + size, n)
        joined = {
            name: torch.from_numpy(np.concatenate([c[name] for c in chunks])) for name in chunks[0]
        }
        return sealed(self.protocol, joined)

    def _chunk(self, split: Split, maker: StampMaker, index: int, n: int) -> dict[str, np.ndarray]:
        """The arrays of some scenes."""

        def bits(purpose: int, *shape: int, attempt: int = 0) -> UInt64[np.ndarray, "n ..."]:
            again = (attempt,) if attempt else ()
            stream = (_STREAMS[split], index, purpose, *again)
            return raw_bits(self.seed, stream, n, math.prod(shape)).reshape(n, *shape)

        allowed = np.array(self._counts(split), np.int64)
        m = max(1, int(allowed.max()))
        counts = allowed[integers_below(len(allowed), bits(Purpose.COUNTS, 1)[:, 0])]
        present = np.arange(m) < rearrange(counts, "n -> n 1")
        stamps = maker.stamps(bits(Purpose.OBJECTS, m, maker.columns), present)
        corners = arrange(
            stamps, self.canvas, self.rule, lambda attempt: bits(Purpose.ATTEMPTS + attempt, m, 2)
        )
        ground = background_colors(
            self.background, self.channels, bits(Purpose.BACKGROUNDS, COLUMNS)
        )
        colors = object_colors(
            self.colors,
            ground,
            self.contrast,
            lambda attempt: bits(Purpose.COLORS, m, COLUMNS, attempt=attempt),
        )
        placed = Placed(stamps.ink, corners, self.canvas)
        images = self._paint(placed, colors, ground)
        if self.noise:
            images = _noisy(images, self.noise, bits(Purpose.NOISE, noise_numbers(images[0].size)))
        return {
            "images": np.ascontiguousarray(rearrange(images, "n h w c -> n c h w")),
            "counts": counts,
            **self._truth(stamps, placed, colors, present),
        }

    def _paint(
        self, placed: Placed, colors: UInt8[np.ndarray, "N M C"], ground: UInt8[np.ndarray, "N C"]
    ) -> UInt8[np.ndarray, "N H W C"]:
        behind = rearrange(ground, "n c -> n 1 1 c")
        if self.picture is not None:
            behind = behind + self.picture
        if self.overlap == "cover":
            return cover(placed, colors, behind)
        total = add_up(placed, tint(placed.ink, colors)) + behind
        return total.clip(max=255).astype(np.uint8)

    def _truth(
        self,
        stamps: Stamps,
        placed: Placed,
        colors: UInt8[np.ndarray, "N M C"],
        present: np.ndarray,
    ) -> dict[str, np.ndarray]:
        """What is known of the objects. Absent objects have zeros, and -1 as label."""
        covers = self.overlap == "cover"
        segmentation = segment_covered(placed) if covers else segment_added(placed)
        there = rearrange(present, "n m -> n m 1")
        shift = np.concatenate([placed.corners, placed.corners], axis=-1)
        attributes = dict(stamps.attributes)
        if self.colors != "white":
            attributes["color"] = np.where(there, colors, 0)
        if covers:
            whole, shown = visible_pixels(placed), visible_pixels(placed, segmentation)
            attributes["visible"] = (shown / whole.clip(min=1)).astype(np.float32)
        return {
            "boxes": np.where(there, stamps.boxes + shift, 0).astype(np.float32),
            "labels": stamps.labels,
            "segmentation": np.ascontiguousarray(segmentation),
            **{f"attribute.{name}": value for name, value in attributes.items()},
        }


def noise_numbers(pixels: int) -> int:
    """How many random numbers give 16 bits to each intensity."""
    return -(-pixels // 4)


def _noisy(
    images: UInt8[np.ndarray, "N H W C"], most: int, bits: UInt64[np.ndarray, "N columns"]
) -> UInt8[np.ndarray, "N H W C"]:
    """Images with uniform noise of -most…most, clipped to 0…255."""
    shifts = np.arange(0, 64, 16, dtype=np.uint64)
    parts = (rearrange(bits, "n k -> n k 1") >> shifts) & np.uint64(0xFFFF)
    parts = rearrange(parts, "n k four -> n (k four)")[:, : images[0].size].astype(np.int64)
    change: Int64[np.ndarray, "N pixels"] = ((parts * (2 * most + 1)) >> 16) - most
    return (images + change.reshape(images.shape)).clip(0, 255).astype(np.uint8)
