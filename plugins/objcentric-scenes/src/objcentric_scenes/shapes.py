"""Shapes, drawn exactly in integer arithmetic (`draw_shape`)."""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Int64, UInt8

ShapeName = Literal["disc", "square", "triangle", "ellipse", "heart"]

Grid = Int64[np.ndarray, "N h w"]
Inside = Callable[[Grid, Grid, Int64[np.ndarray, "N 1 1"]], Bool[np.ndarray, "N h w"]]
"""Which points `(u, v)`, seen from the centre, lie in a shape; v points down."""

UNIT = 8
"""Parts of a pixel in which points are counted."""

PRECISION = 2**14
"""Denominator of sines and cosines."""


class Shape(NamedTuple):
    """A shape in a circle around its centre.

    Attributes:
        inside: which points lie in it, given the circle's radius.
        turn: by how many degrees it is turned clockwise to stand upright.
    """

    inside: Inside
    turn: int


def _disc(u: Grid, v: Grid, radius: Int64[np.ndarray, "N 1 1"]) -> Bool[np.ndarray, "N h w"]:
    return u**2 + v**2 <= radius**2


def _square(u: Grid, v: Grid, radius: Int64[np.ndarray, "N 1 1"]) -> Bool[np.ndarray, "N h w"]:
    """Its corners lie on the circle."""
    return 2 * np.maximum(u**2, v**2) <= radius**2


def _triangle(u: Grid, v: Grid, radius: Int64[np.ndarray, "N 1 1"]) -> Bool[np.ndarray, "N h w"]:
    """Equilateral; its corners lie on the circle."""
    return (2 * v <= radius) & (v >= -radius) & (3 * u**2 <= (radius + v) ** 2)


def _ellipse(u: Grid, v: Grid, radius: Int64[np.ndarray, "N 1 1"]) -> Bool[np.ndarray, "N h w"]:
    """As long as the circle is wide, and half as wide."""
    return u**2 + 4 * v**2 <= radius**2


def _heart(u: Grid, v: Grid, radius: Int64[np.ndarray, "N 1 1"]) -> Bool[np.ndarray, "N h w"]:
    """A square as wide as the radius, and two discs of the same width on two of its sides."""
    double_u, double_v = 2 * u, 2 * v
    square = np.maximum(np.abs(double_u), np.abs(double_v)) <= radius
    right = (double_u - radius) ** 2 + double_v**2 <= radius**2
    lower = double_u**2 + (double_v - radius) ** 2 <= radius**2
    return square | right | lower


SHAPES: dict[ShapeName, Shape] = {
    "disc": Shape(_disc, 0),
    "square": Shape(_square, 0),
    "triangle": Shape(_triangle, 0),
    "ellipse": Shape(_ellipse, 0),
    "heart": Shape(_heart, 225),
}


def draw_shape(
    shape: ShapeName,
    radius: Int64[np.ndarray, " N"],
    turn: Int64[np.ndarray, " N"],
    turns: int,
    centre: Int64[np.ndarray, " N"],
    side: int,
    samples: int,
) -> UInt8[np.ndarray, "N side side"]:
    """Opacity of drawn shapes: the share of a pixel's sample points that lie inside.

    Args:
        shape: which shape.
        radius: radius of the circle that encloses each shape, in tenths of a pixel.
        turn: how far each shape is turned clockwise, in parts of the circle.
        turns: number of parts of the circle.
        centre: x and y of each centre, in half pixels.
        side: side of the pictures, in pixels.
        samples: 1, 2 or 4 sample points along each side of a pixel.
    """
    inside, upright = SHAPES[shape]
    cosines, sines = rotation_table(turns, upright)
    cos, sin = (rearrange(table[turn % turns], "n -> n 1 1") for table in (cosines, sines))
    scaled = rearrange(radius * UNIT * PRECISION // 10, "n -> n 1 1")
    offsets = range(UNIT // (2 * samples), UNIT, UNIT // samples)
    at = UNIT * np.arange(side) - rearrange(centre * UNIT // 2, "n -> n 1")
    count = np.zeros((len(radius), side, side), np.int64)
    for dy in offsets:
        y = rearrange(at + dy, "n h -> n h 1")
        for dx in offsets:
            x = rearrange(at + dx, "n w -> n 1 w")
            count += inside(cos * x + sin * y, cos * y - sin * x, scaled)
    return ((255 * count + samples**2 // 2) // samples**2).astype(np.uint8)


def rotation_table(
    turns: int, degrees: int
) -> tuple[Int64[np.ndarray, " turns"], Int64[np.ndarray, " turns"]]:
    """Cosines and sines of all parts of a circle, after a first turn, times `PRECISION`.

    Rounding is the same on every machine as long as no value is close to half an integer, which
    tests make sure of.
    """
    angles = [math.tau * (k / turns + degrees / 360) for k in range(turns)]
    cosines = np.array([round(PRECISION * math.cos(angle)) for angle in angles], np.int64)
    sines = np.array([round(PRECISION * math.sin(angle)) for angle in angles], np.int64)
    return cosines, sines
