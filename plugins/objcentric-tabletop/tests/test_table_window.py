"""Windows around places on a table."""

import torch

from objcentric.blocks.aim import Aim, centres
from objcentric.scene import RequestedScene
from objcentric_tabletop.camera import Camera
from objcentric_tabletop.ray_caster import MIDDLE
from objcentric_tabletop.table_window import TableWindow

GLIMPSER = TableWindow(RequestedScene((3, 36, 48), objects=3, what_dim=8, glimpse=16))


def test_a_window_is_a_square_around_where_an_object_is_seen():
    where = torch.tensor([[[0.3, -0.6], [-0.9, 0.9]]], dtype=torch.float64)
    x0, y0, x1, y1 = GLIMPSER.boxes(where).unbind(-1)
    torch.testing.assert_close(x1 - x0, y1 - y0)
    right, down = Camera(36, 48).project(*where.unbind(-1), MIDDLE)
    torch.testing.assert_close((x0 + x1) / 2, right)
    torch.testing.assert_close((y0 + y1) / 2, down)


def test_windows_are_smaller_further_away():
    where = torch.tensor([[[0.0, -1.0], [0.0, 0.0], [0.0, 1.0]]])
    x0, _, x1, _ = GLIMPSER.boxes(where).unbind(-1)
    assert ((x1 - x0).diff() < -1).all()


def test_a_window_can_be_aimed_at_a_pixel():
    aim = Aim.by(GLIMPSER.where)
    place = torch.tensor([[[-0.6, 0.3], [0.5, -0.4], [0.0, 0.6]]])
    where = aim.at(place, torch.zeros(1, 3, 2), GLIMPSER)
    torch.testing.assert_close(centres(where, GLIMPSER), place, atol=1e-3, rtol=0)
