"""Images and truth in the forms in which exports hold them (`as_images`, `Segments`)."""

from dataclasses import dataclass

import numpy as np
from einops import rearrange, reduce
from jaxtyping import Float32, Int64, UInt8

from objcentric.errors import ObjcentricError

MOST_OBJECTS = 255
"""A segmentation has 8 bits."""


def channels_last(shape: tuple[int, ...]) -> tuple[int, int, int, str]:
    """`(C, H, W)` of images in an array, and the axes of that array for einops.

    `(N, H, W, C)`, `(N, C, H, W)` and `(N, H, W)` are told apart by C, which is 1 or 3.

    Raises:
        ValueError: the shape is none of these.
    """
    match shape:
        case (_, height, width):
            return 1, height, width, "n h w -> n 1 h w"
        case (_, height, width, 1 | 3 as channels):
            return channels, height, width, "n h w c -> n c h w"
        case (_, 1 | 3 as channels, height, width):
            return channels, height, width, "n c h w -> n c h w"
    raise ValueError(f"expected images (N, H, W, C) with 1 or 3 channels, got {shape}")


def as_images(array: np.ndarray) -> UInt8[np.ndarray, "N C H W"]:
    """Intensities of 8 bits, from 8 bits, from booleans, or from floats in [0, 1].

    Raises:
        ValueError: the shape is not that of images, or a value is out of range.
    """
    form = channels_last(array.shape)[3]
    if array.dtype == bool:
        array = array * np.uint8(255)
    elif np.issubdtype(array.dtype, np.floating):
        low, high = array.min(initial=0), array.max(initial=0)
        if not (low >= 0 and high <= 1):
            raise ValueError(f"expected intensities in [0, 1], got {low:.3g} to {high:.3g}")
        array = (255 * array.astype(np.float64)).round().astype(np.uint8)
    elif array.dtype != np.uint8:
        raise ValueError(f"expected intensities in uint8, or floats in [0, 1], got {array.dtype}")
    return np.ascontiguousarray(rearrange(array, form))


def as_indices(
    masks: np.ndarray, height: int, width: int, background: int
) -> Int64[np.ndarray, "N H W"]:
    """Which object each pixel belongs to: 0 for the background, k+1 for the object in place k.

    Args:
        masks: one mask for each thing, `(N, K, H, W)`, with an axis of 1 in the third or the last
            place or without it, the largest of which has the pixel; or the index of the thing at
            each pixel, `(N, H, W)` or `(N, H, W, 1)`.
        height: H of the images.
        width: W of the images.
        background: how many things, the first ones, are background.

    Raises:
        ValueError: the shape is none of these.
    """
    canvas = (height, width)
    match masks.shape:
        case (_, _, *rest) if tuple(rest) == canvas:
            things = masks
        case (_, _, *rest, 1) if tuple(rest) == canvas:
            things = rearrange(masks, "n k h w 1 -> n k h w")
        case (_, _, 1, *rest) if tuple(rest) == canvas:
            things = rearrange(masks, "n k 1 h w -> n k h w")
        case (_, *rest) if tuple(rest) in (canvas, (*canvas, 1)):
            index = masks.reshape(len(masks), *canvas).astype(np.int64)
            return np.maximum(index - (background - 1), 0) if background else index + 1
        case _:
            raise ValueError(
                f"expected masks (N, K, {height}, {width}, 1) or indices (N, {height}, {width}), "
                f"got {masks.shape}"
            )
    largest = things.argmax(1)
    covered = reduce(things, "n k h w -> n h w", "max") > 0
    return np.where(covered, np.maximum(largest + 1 - background, 0), 0)


def as_counts(array: np.ndarray) -> Int64[np.ndarray, " N"]:
    """Numbers of objects, from `(N,)` or `(N, 1)`.

    Raises:
        ValueError: a number is not whole, or below 0.
    """
    if array.size != len(array):
        raise ValueError(f"expected one number per scene, (N,), got {array.shape}")
    given = array.reshape(len(array))
    counts = given.astype(np.int64)
    if (counts != given).any() or counts.min(initial=0) < 0:
        raise ValueError("expected whole numbers from 0")
    return counts


@dataclass(frozen=True)
class Segments:
    """What is known of objects that have pixels.

    Attributes:
        counts: objects per scene.
        boxes: the smallest box around each object's pixels.
        segmentation: 0 for the background, m+1 for object m.
    """

    counts: Int64[np.ndarray, " N"]
    boxes: Float32[np.ndarray, "N M 4"]
    segmentation: UInt8[np.ndarray, "N H W"]

    @classmethod
    def of(cls, index: Int64[np.ndarray, "N H W"]) -> "Segments":
        """The objects that are seen, renumbered without gaps in each scene.

        Args:
            index: 0 for the background, another number from 1 for each object.

        Raises:
            ObjcentricError: a scene has more than 255 objects.
        """
        n = len(index)
        segmentation = np.zeros(index.shape, np.uint8)
        found = [np.unique(scene[scene > 0]) for scene in index]
        counts = np.array([len(seen) for seen in found], np.int64)
        most = int(counts.max(initial=0))
        if most > MOST_OBJECTS:
            raise ObjcentricError(f"a scene has {most} objects; at most {MOST_OBJECTS} can be told")
        boxes = np.zeros((n, most, 4), np.float32)
        for scene, seen in enumerate(found):
            for m, number in enumerate(seen):
                mine = index[scene] == number
                segmentation[scene][mine] = m + 1
                y, x = mine.any(1).nonzero()[0], mine.any(0).nonzero()[0]
                boxes[scene, m] = (x[0], y[0], x[-1] + 1, y[-1] + 1)
        return cls(counts, boxes, segmentation)
