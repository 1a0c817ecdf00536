"""Crops around objects."""

import pytest
import torch

from objcentric_tabletop.camera import Camera
from objcentric_tabletop.crop import Crops
from objcentric_tabletop.ray_caster import cube, cylinder

CAMERA = Camera(36, 48)
PLACES = torch.cartesian_prod(*[torch.tensor([-1.0, -0.4, 0.3, 1.0], dtype=torch.float64)] * 2)


@pytest.mark.parametrize("samples", [1, 3])
def test_what_is_cut_is_pasted_where_it_was(samples):
    x, y = (value.reshape(4, 4) for value in PLACES.unbind(-1))
    crops = Crops.around(CAMERA, x, y, samples)
    maps = torch.rand(2, 36 * samples, 48 * samples)
    parts = crops.cut(maps)  # (C, B, K, h, w)
    whole = crops.paste(parts.movedim(0, 2))
    mask = crops.paste(torch.ones_like(parts.movedim(0, 2))) > 0
    assert torch.equal(whole[mask], maps.expand_as(whole)[mask])
    assert not whole[~mask].any()


def test_objects_on_the_table_lie_in_their_crops_with_a_margin():
    x, y = (value.reshape(4, 4) for value in PLACES.unbind(-1))
    diagonal = torch.full_like(x, 0.5**0.5)
    rays = CAMERA.rays()
    for sight in (cylinder(rays, x, y, 0.01), cube(rays, x, y, diagonal, diagonal, 0.01)):
        met = (sight.distance < 0).unsqueeze(2)
        crops = Crops.around(CAMERA, x, y)
        inner = torch.zeros(4, 4, 1, *crops.rows.shape[-1:], *crops.columns.shape[-1:])
        inner[..., 1:-1, 1:-1] = 1
        assert not (met & (crops.paste(inner) == 0)).any()


def test_crops_of_what_lies_beyond_the_canvas_stay_on_it():
    far = torch.tensor([[-2.0, 2.0]], dtype=torch.float64)
    crops = Crops.around(CAMERA, far, far)
    assert crops.rows.min() >= 0
    assert crops.rows.max() < 36
    assert crops.columns.min() >= 0
    assert crops.columns.max() < 48
