"""Random numbers that are the same on every machine and with every release of NumPy.

NumPy promises that the raw bits of a bit generator never change, but not that the methods of
`Generator` do not. Integers are therefore made from raw bits here.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, Int64, UInt64
from numpy.random import PCG64, SeedSequence


def raw_bits(
    seed: int, stream: int | tuple[int, ...], rows: int, columns: int
) -> UInt64[np.ndarray, "rows columns"]:
    """A table of uniform 64-bit numbers; a longer table begins with the shorter one.

    Args:
        seed: at least 0.
        stream: at least 0; streams of one seed are independent of each other.
        rows: length of the table.
        columns: width of the table.
    """
    key = (stream,) if isinstance(stream, int) else stream
    generator = PCG64(SeedSequence(seed, spawn_key=key))
    return np.asarray(generator.random_raw(rows * columns)).reshape(rows, columns)


def integers_below(
    limit: int | Int[np.ndarray, "*#shape"], bits: UInt64[np.ndarray, "*shape"]
) -> Int64[np.ndarray, "*shape"]:
    """Uniform integers in [0, limit), one for each number of `bits`.

    The top 32 bits are read as a fraction, which is multiplied by `limit`. No probability is off by
    more than 2^-32.

    Args:
        limit: from 1 to 2^31; one for all numbers, or one for each.
        bits: numbers from `raw_bits`.
    """
    top = bits >> np.uint64(32)
    return ((top * np.asarray(limit).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)


def weighted_choice(
    weights: Sequence[int], bits: UInt64[np.ndarray, "*shape"]
) -> Int64[np.ndarray, "*shape"]:
    """Indices of weights, each drawn as often as its weight says.

    Args:
        weights: at least 0; their sum is from 1 to 2^31.
        bits: numbers from `raw_bits`.
    """
    ends = np.cumsum(weights)
    return ends.searchsorted(integers_below(int(ends[-1]), bits), side="right")
