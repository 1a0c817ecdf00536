import math

import pytest
import torch
from torch.nn import functional as F

from objcentric.scene import RequestedScene
from objcentric_glimpsers.affine import Affine
from objcentric_glimpsers.anisotropic import Anisotropic


def test_without_a_turn_it_is_the_anisotropic_one(scene, some_where, image):
    plain, glimpser = Anisotropic(scene), Affine(scene, stretch=True)
    where = some_where(plain)
    upright = F.pad(where, (0, 1))
    patches = torch.rand(4, 3, 1, 12, 12, dtype=torch.float64)
    torch.testing.assert_close(glimpser.read(image, upright), plain.read(image, where))
    torch.testing.assert_close(glimpser.write(patches, upright), plain.write(patches, where))
    torch.testing.assert_close(glimpser.boxes(upright), plain.boxes(where))


def test_it_writes_like_affine_grid_and_grid_sample():
    glimpser = Affine(RequestedScene(image_shape=(1, 30, 30), objects=1, what_dim=1, glimpse=12))
    s, x, y, angle = 2.5, 0.4, -0.7, 0.6
    sin, cos = math.sin(angle), math.cos(angle)
    theta = torch.tensor(  # s·R⁻¹(u - c) with c = -(x, y)/s
        [[s * cos, s * sin, cos * x + sin * y], [-s * sin, s * cos, -sin * x + cos * y]]
    ).double()
    patch = torch.rand(1, 1, 1, 12, 12, dtype=torch.float64)
    grid = F.affine_grid(theta[None], [1, 1, 30, 30], align_corners=False)
    expected = F.grid_sample(patch[0], grid, align_corners=False)
    where = torch.tensor([[[s, x, y, angle]]]).double()
    torch.testing.assert_close(glimpser.write(patch, where)[0], expected, atol=1e-6, rtol=0)


@pytest.mark.parametrize("shape", [(1, 30, 30), (1, 20, 40)])
def test_a_quarter_turn_turns_the_picture_clockwise(shape):
    scene = RequestedScene(image_shape=shape, objects=1, what_dim=1, glimpse=12)
    _, height, width = shape
    glimpser = Affine(scene, stretch=True)
    # A window of 12 by 12 pixels, one for each pixel of the patch.
    where = torch.tensor([[[width / 12, height / 12, 0.0, 0.0, math.pi / 2]]]).double()
    patch = torch.rand(1, 1, 1, 12, 12, dtype=torch.float64)
    layer = glimpser.write(patch, where)
    top, left = height // 2 - 6, width // 2 - 6
    window = layer[..., top : top + 12, left : left + 12]
    torch.testing.assert_close(window, torch.rot90(patch, -1, (-2, -1)), atol=1e-6, rtol=0)
    torch.testing.assert_close(glimpser.read(layer[:, 0], where), patch, atol=1e-6, rtol=0)


def test_an_eighth_of_a_turn_makes_the_box_wider_by_the_root_of_two():
    glimpser = Affine(RequestedScene(image_shape=(1, 60, 60), objects=1, what_dim=1, glimpse=12))
    box = glimpser.boxes(torch.tensor([[[3.0, 0.0, 0.0, math.pi / 4]]]))
    reach = 10 * math.sqrt(2)
    torch.testing.assert_close(
        box, torch.tensor([[[30 - reach, 30 - reach, 30 + reach, 30 + reach]]])
    )


def test_stretching_adds_a_coordinate(scene):
    assert Affine(scene).where.names == ("scale", "x", "y", "angle")
    assert Affine(scene, stretch=True).where.names == ("scale_x", "scale_y", "x", "y", "angle")
