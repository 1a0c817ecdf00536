"""Positions of the objects of a scene (`place_pairs`)."""

import numpy as np
from jaxtyping import Int64, UInt64

from objcentric_scenes.randomness import integers_below


def place_pairs(
    bits: UInt64[np.ndarray, "N 4"], positions: int, apart: int
) -> Int64[np.ndarray, "N 2 2"]:
    """Places pairs of objects: the first anywhere, the second away from it in x and in y.

    On each axis independently, the first object's position p is uniform over [0, positions). The
    second object's position is uniform over the rest of that range outside [p - apart, p + apart).

    Args:
        bits: random bits for the first object's x and y and the second object's x and y.
        positions: number of positions on each axis; more than 2·apart, or nothing may be left for
            the second object.
        apart: smallest distance of the two on each axis, in pixels.

    Returns:
        `(x, y)` of both objects of each pair.
    """
    first = integers_below(positions, bits[:, :2])
    before = np.maximum(first - apart, 0)  # positions left of the gap: [0, before)
    after = np.minimum(first + apart, positions)  # and right of it: [after, positions)
    rank = integers_below(before + positions - after, bits[:, 2:])
    second = np.where(rank < before, rank, rank - before + after)
    return np.stack([first, second], axis=1)
