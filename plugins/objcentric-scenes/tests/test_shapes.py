"""Shapes are drawn exactly, and the same on every machine."""

import math

import numpy as np
import pytest

from objcentric_scenes.shapes import PRECISION, SHAPES, draw_shape, rotation_table
from objcentric_scenes.stamps import tight_boxes

AREAS = {  # of a shape in a circle of radius 1
    "disc": math.pi,
    "square": 2.0,
    "triangle": 3 * math.sqrt(3) / 4,
    "ellipse": math.pi / 2,
    "heart": 1 + math.pi / 4,
}


def drawn(shape: str, radius: int, turn: int, *, turns: int = 360, samples: int = 4) -> np.ndarray:
    """One shape in the middle of a picture of 40×40 pixels."""
    one, two, centre = (np.array([value]) for value in (radius, turn, 40))
    return draw_shape(shape, one, two, turns, centre, 40, samples)[0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("turn", [0, 17, 90, 201])
def test_a_shape_has_its_area_and_stays_in_its_circle(shape, turn):
    ink = drawn(shape, 160, turn)
    assert ink.sum() / 255 == pytest.approx(AREAS[shape] * 16**2, rel=0.02)
    y, x = ink.nonzero()
    nearest_corner = np.hypot(np.abs(x - 19.5) - 0.5, np.abs(y - 19.5) - 0.5)
    assert nearest_corner.max() < 16


def test_edges_are_hard_with_one_sample_and_soft_with_more():
    assert set(np.unique(drawn("disc", 100, 0, samples=1))) == {0, 255}
    assert len(np.unique(drawn("disc", 100, 0, samples=2))) == 5
    assert len(np.unique(drawn("disc", 100, 0, samples=4))) > 5


@pytest.mark.parametrize("shape", SHAPES)
def test_a_quarter_turn_is_clockwise(shape):
    assert np.array_equal(drawn(shape, 130, 90), np.rot90(drawn(shape, 130, 0), -1))


@pytest.mark.parametrize("shape", ["triangle", "heart"])
def test_shapes_stand_upright_without_a_turn(shape):
    ink = drawn(shape, 150, 0).astype(int)
    assert np.abs(ink - ink[:, ::-1]).max() <= 64  # left is right, but for one sample point in four
    widths = (ink > 127).sum(axis=1)
    if shape == "triangle":  # the apex is above
        assert widths[widths > 0][0] < widths[widths > 0][-1]
    else:  # the tip is below
        assert widths[widths > 0][0] > widths[widths > 0][-1]


@pytest.mark.parametrize("turns", [360, 39])
@pytest.mark.parametrize("first", sorted({shape.turn for shape in SHAPES.values()}))
def test_no_sine_is_so_close_to_half_an_integer_that_machines_could_differ(turns, first):
    angles = math.tau * (np.arange(turns) / turns + first / 360)
    scaled = PRECISION * np.concatenate([np.cos(angles), np.sin(angles)])
    assert np.abs(scaled - np.floor(scaled) - 0.5).min() > 1e-6
    assert np.array_equal(np.concatenate(rotation_table(turns, first)), scaled.round())


def test_tight_boxes_enclose_all_ink_and_are_0_without_any():
    ink = np.zeros((1, 3, 9, 9), np.uint8)
    ink[0, 0, 2:4, 5] = 1
    ink[0, 1, 8, 8] = 255
    assert tight_boxes(ink).tolist() == [[[5, 2, 6, 4], [8, 8, 9, 9], [0, 0, 0, 0]]]
