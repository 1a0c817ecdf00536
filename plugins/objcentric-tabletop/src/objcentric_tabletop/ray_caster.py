"""Where rays meet objects that stand on a table: analytic and differentiable (`Sight`).

An object is seen along a ray if the ray's signed distance from its silhouette is negative. Beside
the object, the distance says how far away it is, so that a soft edge gives a gradient from there.
Every function takes any number of objects at once, and rays `(3, h, w)` that all of them share or
`(3, B, K, h, w)` of their own.
"""

from dataclasses import dataclass
from math import sqrt

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from objcentric_tabletop.camera import ABOVE, BEHIND

CLASSES = ("cube", "sphere", "cylinder")
SPHERE_RADIUS = 0.36
CYLINDER_RADIUS, CYLINDER_HEIGHT = 0.31, 0.62
CUBE_HALF = 0.29
"""Half of a cube's side."""
WIDEST = CUBE_HALF * sqrt(2)
"""The largest distance of an object's outline on the table from its middle."""
MIDDLE = 0.3
"""A height at which all objects have some of their middle."""

LIGHT = (-0.49, -0.37, sqrt(1 - 0.49**2 - 0.37**2))
"""Unit vector towards the light: from the left, the viewer's side, and above."""
AMBIENT = 0.3517
"""Share of a colour that is seen in the shade; the rest is Lambert's. If this or the light were
round numbers, whole faces would lie exactly between two 8-bit intensities, and rounding errors
would decide which one they get."""
SMOOTH = 1e-4
"""Added to squared lengths below a root, whose slope has no bound at 0."""
GRAZING = 1e-3
"""Added to a ray's steepness against a face. Parallel rays meet it very far away, not nowhere."""


@dataclass(frozen=True)
class Sight:
    """What rays see of single objects.

    Attributes:
        distance: of each ray from the silhouette, at the object, in halves of the table's side;
            negative on the object.
        shade: share of the object's colour in [0, 1] that is seen, meaningful on the object.
    """

    distance: Float[Tensor, "B K h w"]
    shade: Float[Tensor, "B K h w"]


def sphere(
    rays: Float[Tensor, "3 *#map"], x: Float[Tensor, "B K"], y: Float[Tensor, "B K"]
) -> Sight:
    """Spheres that lie on the table at (x, y)."""
    dx, dy, dz = rays
    cx, cy, cz = _on_map(x), _on_map(y) + BEHIND, SPHERE_RADIUS - ABOVE  # from the eye
    nearest = cx * dx + cy * dy + cz * dz  # how far along the ray
    square = (cx.square() + cy.square() + cz**2 - nearest.square()).clamp(min=0)
    half = (SPHERE_RADIUS**2 - square).clamp(min=0).add(SMOOTH).sqrt()  # half of the chord
    lx, ly, lz = LIGHT
    facing = (nearest - half) * _lit(rays) - (cx * lx + cy * ly + cz * lz)
    return Sight((square + SMOOTH).sqrt() - SPHERE_RADIUS, _shade(facing / SPHERE_RADIUS))


def cylinder(
    rays: Float[Tensor, "3 *#map"],
    x: Float[Tensor, "B K"],
    y: Float[Tensor, "B K"],
    edge: float,
) -> Sight:
    """Upright cylinders at (x, y).

    Args:
        rays: unit vectors.
        x: to the right.
        y: away from the viewer.
        edge: width over which the side's shade changes to the top's, above 0.
    """
    dx, dy, dz = rays
    level = (dx.square() + dy.square()).clamp(min=GRAZING).sqrt()
    cx, cy = _on_map(x), _on_map(y) + BEHIND
    nearest = (cx * dx + cy * dy) / level  # to the axis, seen from above
    square = (cx.square() + cy.square() - nearest.square()).clamp(min=0)
    half = (CYLINDER_RADIUS**2 - square).clamp(min=0).add(SMOOTH).sqrt()
    enters, leaves = (nearest - half) / level, (nearest + half) / level
    above = (ABOVE + leaves * dz - CYLINDER_HEIGHT) * level  # over the far rim of the top
    below = -(ABOVE + enters * dz) * level  # in front of the foot
    beside = (square + SMOOTH).sqrt() - CYLINDER_RADIUS
    distance = torch.maximum(torch.maximum(above, below), beside)
    lx, ly, lz = LIGHT
    side = enters * (dx * lx + dy * ly) - (cx * lx + cy * ly)
    top = torch.sigmoid((ABOVE + enters * dz - CYLINDER_HEIGHT) * level / edge)
    return Sight(distance, torch.lerp(_shade(side / CYLINDER_RADIUS), _shade(top * 0 + lz), top))


def cube(
    rays: Float[Tensor, "3 *#map"],
    x: Float[Tensor, "B K"],
    y: Float[Tensor, "B K"],
    cosine: Float[Tensor, "B K"],
    sine: Float[Tensor, "B K"],
    edge: float,
) -> Sight:
    """Cubes that stand on the table at (x, y), rotated about the vertical.

    Each edge of a convex body's silhouette lies between a face that rays enter by and one that they
    leave by. The distance of a ray from the line through that edge is known in the plane across it,
    and the largest one is that from the silhouette.

    Args:
        rays: unit vectors.
        x: to the right.
        y: away from the viewer.
        cosine: of the angle from the x axis to a face's normal.
        sine: of the same angle.
        edge: width over which the shade of one face changes to that of the next, above 0.
    """
    dx, dy, dz = rays
    c, s = _on_map(cosine), _on_map(sine)
    cx, cy = _on_map(x), _on_map(y) + BEHIND
    lx, ly, lz = LIGHT
    # The ray's direction, the eye and the light, along the cube's own three axes.
    directions = (c * dx + s * dy, c * dy - s * dx, dz.expand_as(c * dx))
    eyes = (-(c * cx + s * cy), -(c * cy - s * cx), torch.full_like(cx, ABOVE - CUBE_HALF))
    lights = (c * lx + s * ly, c * ly - s * lx, torch.full_like(cx, lz))
    steepness = [d.abs() for d in directions]
    signs = [torch.where(d >= 0, 1.0, -1.0).to(d.dtype) for d in directions]
    behind = [-sign * eye for sign, eye in zip(signs, eyes, strict=True)]
    enter, leave = [b - CUBE_HALF for b in behind], [b + CUBE_HALF for b in behind]
    distance = torch.full_like(directions[0], -CUBE_HALF)
    for i in range(3):
        for j in range(3):
            if i != j:
                across = (steepness[i].square() + steepness[j].square() + SMOOTH).sqrt()
                missed = (enter[i] * steepness[j] - leave[j] * steepness[i]) / across
                distance = torch.maximum(distance, missed)
    # The face by which a ray enters is the one that it meets last.
    meets = torch.stack([e / (d + GRAZING) for e, d in zip(enter, steepness, strict=True)])
    shades = torch.stack([_shade(-g * li) for g, li in zip(signs, lights, strict=True)])
    return Sight(distance, (torch.softmax(meets / edge, 0) * shades).sum(0))


def _on_map(values: Float[Tensor, "B K"]) -> Float[Tensor, "B K 1 1"]:
    return rearrange(values, "b k -> b k 1 1")


def _lit(rays: Float[Tensor, "3 *#map"]) -> Float[Tensor, "*#map"]:
    """Cosine of the angle between rays and the way to the light."""
    dx, dy, dz = rays
    lx, ly, lz = LIGHT
    return dx * lx + dy * ly + dz * lz


def _shade(cosine: Tensor) -> Tensor:
    """Lambert's law, and ambient light."""
    return AMBIENT + (1 - AMBIENT) * cosine.clamp(0, 1)
