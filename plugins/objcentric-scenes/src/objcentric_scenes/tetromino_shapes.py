"""The pieces of Tetrominoes: shapes, sizes, colours and shading."""

import numpy as np
from jaxtyping import Int64

CELL = 5
"""Side of a piece's square cell, in pixels."""

COLORS = np.array(
    [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255), (0, 255, 255)], np.uint8
)
"""Red, green, blue, yellow, magenta, cyan."""

SHADES = np.array(
    [
        (191, 255, 255, 255, 223),
        (127, 159, 159, 159, 191),
        (127, 159, 159, 159, 191),
        (127, 159, 159, 159, 191),
        (95, 63, 63, 63, 127),
    ],
    np.uint8,
)
"""Brightness of a cell's pixels: bevelled, as in the published preview picture."""

_PICTURES = """
    ####  #     ##  ##.  .##  #.  .#  ###  .#.  #.  .#  ###  ###  #..  ..#  ##  ##  #.  .#
    .     #     ##  .##  ##.  ##  ##  .#.  ###  ##  ##  #..  ..#  ###  ###  #.  .#  #.  .#
    .     #     .   .    .    .#  #.  .    .    #.  .#  .    .    .    .    #.  .#  ##  ##
    .     #     .   .    .    .   .   .    .    .   .   .    .    .    .    .   .   .   .
"""


def _shapes() -> Int64[np.ndarray, "shapes 4 2"]:
    """(x, y) of the four cells of each shape, counted in cells from the top left of its box."""
    rows = [line.split() for line in _PICTURES.strip().splitlines()]
    pictures = zip(*rows, strict=True)
    return np.array(
        [
            [(x, y) for y, row in enumerate(picture) for x, cell in enumerate(row) if cell == "#"]
            for picture in pictures
        ],
        dtype=np.int64,
    )


SHAPES = _shapes()
"""The 19 fixed tetrominoes."""

SIZES = CELL * (SHAPES.max(axis=1) + 1)
"""Width and height of each shape's box, in pixels, `(19, 2)`."""
