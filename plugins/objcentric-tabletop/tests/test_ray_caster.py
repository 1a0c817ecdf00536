"""Rays and objects, against a search along each ray."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from objcentric_tabletop.camera import ABOVE, BEHIND, Camera
from objcentric_tabletop.ray_caster import (
    AMBIENT,
    CUBE_HALF,
    CYLINDER_HEIGHT,
    CYLINDER_RADIUS,
    LIGHT,
    SPHERE_RADIUS,
    Sight,
    cube,
    cylinder,
    sphere,
)

RAYS = Camera(36, 48).rays(2)
X, Y, ANGLE = (torch.tensor([[v]], dtype=torch.float64) for v in (0.4, -0.3, 0.6))
STEPS = torch.linspace(1.5, 6.0, 1500, dtype=torch.float64)


def in_sphere(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    return x**2 + y**2 + (z - SPHERE_RADIUS) ** 2 < SPHERE_RADIUS**2


def in_cylinder(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    return (x**2 + y**2 < CYLINDER_RADIUS**2) & (z > 0) & (z < CYLINDER_HEIGHT)


def in_cube(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    c, s = ANGLE.cos(), ANGLE.sin()
    a, b, up = (c * x + s * y).abs(), (c * y - s * x).abs(), (z - CUBE_HALF).abs()
    return (a < CUBE_HALF) & (b < CUBE_HALF) & (up < CUBE_HALF)


def turned_cube(x: Tensor, y: Tensor) -> Sight:
    return cube(RAYS, x, y, ANGLE.cos().expand_as(x), ANGLE.sin().expand_as(x), 1e-3)


SHAPES: dict[str, tuple[Callable[[Tensor, Tensor], Sight], Callable[..., Tensor]]] = {
    "sphere": (lambda x, y: sphere(RAYS, x, y), in_sphere),
    "cylinder": (lambda x, y: cylinder(RAYS, x, y, 1e-3), in_cylinder),
    "cube": (turned_cube, in_cube),
}
shapes = pytest.mark.parametrize("shape", SHAPES)


def marched(shape: str) -> Tensor:
    """Which of the points along each ray lie in the object, (steps, H, W)."""
    dx, dy, dz = RAYS
    t = STEPS[:, None, None]
    return SHAPES[shape][1](t * dx - X[0], t * dy - BEHIND - Y[0], ABOVE + t * dz)


@shapes
def test_a_ray_meets_an_object_where_a_search_along_it_finds_the_object(shape):
    met = SHAPES[shape][0](X, Y).distance[0, 0] < 0
    found = marched(shape).any(0)
    assert found.sum() > 200
    assert (met != found).double().mean() < 0.01 * found.double().mean()  # at the very edge


@shapes
def test_beside_an_object_distances_are_those_by_which_it_would_have_to_move(shape):
    sight = SHAPES[shape][0](X, Y)
    step = 0.05
    beside = (sight.distance > step) & (sight.distance < 0.2)
    nearest = torch.full_like(sight.distance, torch.inf)
    for turn in torch.linspace(0, 2 * torch.pi, 25, dtype=torch.float64)[:-1]:
        moved = SHAPES[shape][0](X + step * turn.cos(), Y + step * turn.sin())
        nearest = torch.minimum(nearest, moved.distance)
    closer = (sight.distance - nearest)[beside]
    # Moving on the table counts in full across the line of sight, and less along it.
    assert (closer > 0.5 * step).all()
    too_much = (closer > 1.1 * step).double().mean()
    # Beside the ends of a cylinder's rims, distances are approximate.
    assert too_much < (0.15 if shape == "cylinder" else 1e-9)


@shapes
def test_the_shade_follows_from_the_surface_that_a_ray_meets_first(shape):
    sight = SHAPES[shape][0](X, Y)
    inside = marched(shape)
    first = inside.double().argmax(0)
    t = STEPS[first]
    dx, dy, dz = RAYS
    x, y, z = t * dx - X[0], t * dy - BEHIND - Y[0], ABOVE + t * dz
    well_inside = sight.distance[0, 0] < -0.05
    if shape == "sphere":
        cosine = (x * LIGHT[0] + y * LIGHT[1] + (z - SPHERE_RADIUS) * LIGHT[2]) / SPHERE_RADIUS
    elif shape == "cylinder":
        top = z > CYLINDER_HEIGHT - 0.01
        well_inside = well_inside & (top | (z < CYLINDER_HEIGHT - 0.03))
        side = (x * LIGHT[0] + y * LIGHT[1]) / CYLINDER_RADIUS
        cosine = torch.where(top, LIGHT[2], side)
    else:
        top = z > 2 * CUBE_HALF - 0.005
        well_inside = well_inside & top
        cosine = torch.where(top, LIGHT[2], 0.0)
    expected = AMBIENT + (1 - AMBIENT) * cosine.clamp(0, 1)
    assert well_inside.sum() > 50
    off = (sight.shade[0, 0] - expected)[well_inside].abs()
    assert (off > 0.03).double().mean() < 0.02  # at the edge between two faces


@shapes
def test_objects_with_rays_of_their_own_are_seen_as_with_those_of_all(shape):
    one = SHAPES[shape][0](X, Y)
    two = SHAPES[shape][0](X.expand(2, 3), Y.expand(2, 3))
    torch.testing.assert_close(two.distance[1, 2], one.distance[0, 0])
    torch.testing.assert_close(two.shade[0, 1], one.shade[0, 0])


def test_a_quarter_turn_leaves_a_cube_as_it_was():
    one = cube(RAYS, X, Y, ANGLE.cos(), ANGLE.sin(), 1e-3)
    two = cube(RAYS, X, Y, -ANGLE.sin(), ANGLE.cos(), 1e-3)
    torch.testing.assert_close(two.distance, one.distance)
    torch.testing.assert_close(two.shade, one.shade)


def test_light_has_the_length_one():
    assert torch.tensor(LIGHT).norm() == pytest.approx(1.0)
