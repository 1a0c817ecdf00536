"""Random numbers that are the same on every machine and with every release of NumPy.

NumPy promises that the raw bits of a bit generator never change; of the methods of `Generator` it
promises no such thing. So integers are made from raw bits here.
"""

import numpy as np
from jaxtyping import Int, Int64, UInt64
from numpy.random import PCG64, SeedSequence


def raw_bits(
    seed: int, stream: int | tuple[int, ...], rows: int, columns: int
) -> UInt64[np.ndarray, "rows columns"]:
    """Uniform 64-bit numbers; more rows extend a table, they do not change its beginning.

    Args:
        seed: at least 0.
        stream: streams of one seed are independent of each other; numbers from 0 on.
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

    The top 32 bits are taken as a fraction of `limit`: no probability is off by more than 2^-32.

    Args:
        limit: from 1 to 2^31, for all or for each.
        bits: of `raw_bits`.
    """
    top = bits >> np.uint64(32)
    return ((top * np.asarray(limit).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)
