"""From the box of a dragged window to the coordinates of a glimpser."""

import pytest
import torch
from einops import rearrange

from objcentric.interfaces import Glimpser
from objcentric.play.lesson import Lesson
from objcentric.play.nearest_where import nearest_where
from objcentric.registry import Registry
from objcentric.scene import RequestedScene

NAMES = ("spatial_transformer", "anisotropic", "affine", "bounded", "gaussian_filterbank")


@pytest.mark.parametrize("name", NAMES)
def test_every_glimpsers_window_goes_where_it_is_dragged(name):
    scene = RequestedScene((3, 48, 48), objects=1, what_dim=1, glimpse=8)
    glimpser = Registry.discover().find(Glimpser, name).load()(scene)
    start = torch.tensor(glimpser.where.loc)
    box = torch.tensor([9.0, 14.0, 21.0, 26.0])
    where = nearest_where(glimpser, box, start)
    found = rearrange(glimpser.boxes(rearrange(where, "d -> 1 1 d")), "1 1 box -> box")
    torch.testing.assert_close(found, box, atol=0.1, rtol=0)


def test_a_window_of_one_scale_comes_close_to_a_box_of_another_shape():
    lesson = Lesson.of(torch.zeros(1, 50, 50, dtype=torch.uint8), side=10)
    x0, y0, x1, y1 = lesson.at((10.0, 10.0, 40.0, 20.0)).box
    assert x1 - x0 == pytest.approx(y1 - y0)
    assert (x0 + x1) / 2 == pytest.approx(25, abs=2)
    assert 10 < x1 - x0 < 30


def test_the_lesson_reads_the_window_and_writes_it_back():
    pixels = torch.zeros(3, 20, 30, dtype=torch.uint8)
    pixels[0, 5:15, 10:20] = 255
    lesson = Lesson.of(pixels, side=10).at((7.5, 5.0, 22.5, 15.0))
    glimpse, written = lesson.glimpse(), lesson.written()
    assert glimpse.shape == (3, 10, 10)
    assert glimpse[0, 5, 5] == 1
    assert glimpse[1:].max() == 0
    assert written.shape == (3, 20, 30)
    assert written[0, 10, 15] > 0.9
    assert written[:, :4].max() == 0
    assert "50% of the side, 15.0 pixels" in lesson.said()[0]
    assert "1.50 pixels of the scene" in lesson.said()[1]
