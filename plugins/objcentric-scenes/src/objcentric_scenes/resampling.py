"""Resizing that gives the same bytes on every machine.

The filter weights of a resize are rational numbers. Over a common denominator they are integers.
Sums of integers below 2^53 are exact in float64, in whatever order a BLAS adds them. The only
division, at the end, is an integer division.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Int64, UInt8

Kernel = Callable[[Int64[np.ndarray, "target source"], int], Int64[np.ndarray, "target source"]]
"""Integer filter weights at integer distances; `unit` is one step of the coarser grid."""


def triangle(
    distance: Int64[np.ndarray, "target source"], unit: int
) -> Int64[np.ndarray, "target source"]:
    """The bilinear filter, 1 - |x|, times `unit`."""
    return np.asarray(np.maximum(unit - distance, 0))


def keys_cubic(
    distance: Int64[np.ndarray, "target source"], unit: int
) -> Int64[np.ndarray, "target source"]:
    """The bicubic filter with a = -1/2 (Keys 1981, 10.1109/TASSP.1981.1163711), times 2·unit³."""
    near = 3 * distance**3 - 5 * distance**2 * unit + 2 * unit**3
    far = -(distance**3) + 5 * distance**2 * unit - 8 * distance * unit**2 + 4 * unit**3
    return np.where(distance < unit, near, np.where(distance < 2 * unit, far, 0))


def resize(
    images: UInt8[np.ndarray, "N h w"], size: int, kernel: Kernel
) -> UInt8[np.ndarray, "N size size"]:
    """Square versions of grey images, antialiased where they shrink, rounded half up.

    As in torch's `interpolate(antialias=True)`, pixel centres lie at half-integers
    (`align_corners=False`) and the filter is renormalised at the border.

    Args:
        images: intensities.
        size: side of the results, in pixels.
        kernel: `triangle` or `keys_cubic`.
    """
    rows = integer_weights(images.shape[1], size, kernel)
    columns = integer_weights(images.shape[2], size, kernel)
    weighted = rows.astype(np.float64) @ images.astype(np.float64) @ columns.T.astype(np.float64)
    total = np.outer(rows.sum(1), columns.sum(1))
    rounded = (2 * weighted.astype(np.int64) + total) // (2 * total)
    return np.asarray(rounded.clip(0, 255), dtype=np.uint8)


def integer_weights(source: int, target: int, kernel: Kernel) -> Int64[np.ndarray, "target source"]:
    """The weight of each source pixel in each target pixel, up to one factor per row."""
    # In units of 1 / (2·target) source pixels, all pixel centres of both grids are integers.
    target_centres = (2 * np.arange(target, dtype=np.int64) + 1) * source
    source_centres = (2 * np.arange(source, dtype=np.int64) + 1) * target
    distance = np.abs(np.subtract.outer(target_centres, source_centres))
    return kernel(distance, 2 * max(source, target))
