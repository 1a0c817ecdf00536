"""The renderer of objects on a table (`Tabletop`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat, PositiveInt
from torch import Tensor

from objcentric.drafts import Layers
from objcentric.interfaces import Renderer
from objcentric.scene import SceneSpec
from objcentric_tabletop.camera import BEHIND, Camera
from objcentric_tabletop.crop import Crops
from objcentric_tabletop.ray_caster import CLASSES, MIDDLE, cube, cylinder, sphere
from objcentric_tabletop.table_window import FURTHEST

FAINT = 1e-3
"""Opacity below which colours fade to 0."""
UNTURNED = 1e-8
"""Squared length below which a direction is none."""


class Tabletop(Renderer):
    """Draws cubes, spheres and cylinders on a table, in perspective, by casting rays (Eslami et al.
    2016, section 3.3). It has no weights.

    `what` is, in this order, of unbounded numbers:

    - class, `cube_angles` + 2: the softmax of these, divided by `temperature`, mixes cubes that
      are `cube_angles` equal parts of a quarter turn apart, a sphere and a cylinder. All of them
      are drawn, so that the gradient compares them. An object's class is the one with the largest
      share, that of all cubes together.
    - colour, one for each channel: its sigmoid.
    - rotation, 2: a vector whose direction is four times the angle of a cube, which looks the same
      after a quarter turn, or 4 `cube_angles` times: then it turns each cube by as much as half of
      the way to the next one. Angles are counted from the line of sight, so that they can be told
      from a window alone. Without these two, cubes are not turned further; the first one faces the
      viewer.

    A cube that is turned the wrong way fits worse than a cylinder. With one cube, the class may be
    settled before the rotation is learnt, and then nothing teaches the rotation any more. Of three
    cubes or more, one fits better than a cylinder however the true one is turned, provided that the
    place is right. So the class can be found before the rotation is known.

    `where` has the coordinates x and y of `TableWindow`. The camera is that of the scenes.
    `Layers.depth` is each object's distance from the camera.

    Args:
        scene: sizes of the scene; `what_dim` is 2 + `cube_angles` + channels, with or without 2
            more.
        temperature: of the softmax over classes. The smaller, the closer ordinary numbers are to
            one class.
        blur: softness of outlines, in pixels. A gradient reaches a few times as far.
        cube_angles: at how many angles a cube is drawn at once.

    Raises:
        ValueError: `what_dim` is another, or where has no x or no y.
    """

    offers = frozenset({"alpha", "depth"})
    attribute_names: ClassVar[frozenset[str]] = frozenset(
        {"label", "color", "rotation", "position"}
    )

    rays: Tensor

    def __init__(
        self,
        scene: SceneSpec,
        *,
        temperature: PositiveFloat = 0.3,
        blur: PositiveFloat = 0.5,
        cube_angles: PositiveInt = 1,
    ) -> None:
        super().__init__()
        self.solids = cube_angles + len(CLASSES) - 1
        least = self.solids + scene.channels
        if scene.what_dim not in (least, least + 2):
            raise ValueError(
                f"what_dim must be {least + 2} ({self.solids} for the class, {scene.channels} for "
                f"the colour, 2 for the rotation) or {least} (no rotation), not {scene.what_dim}"
            )
        names = scene.where.names
        if not {"x", "y"} <= set(names):
            raise ValueError(
                "it needs a glimpser whose where has the coordinates x and y on a table, such as "
                f"tabletop.table_window; this one has: {', '.join(names) or 'none'}"
            )
        self.x, self.y = names.index("x"), names.index("y")
        self.channels = scene.channels
        self.temperature, self.blur, self.cube_angles = temperature, blur, cube_angles
        self.camera = Camera(*scene.image_shape[1:])
        # Not part of the state: they follow from the canvas.
        rays = self.camera.rays().to(torch.get_default_dtype())
        self.register_buffer("rays", rays, persistent=False)

    def forward(self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]) -> Layers:
        scene = self._read(what, where)
        x, y = scene.x, scene.y
        scale = self.camera.focal / self.camera.depth(x, y, MIDDLE)  # pixels
        edge = self.blur / self.camera.focal * BEHIND  # about the blur, on the table
        crops = Crops.around(self.camera, x, y)
        rays = crops.cut(self.rays)
        angles = zip(scene.cosines.unbind(-1), scene.sines.unbind(-1), strict=True)
        sights = [
            *(cube(rays, x, y, cosine, sine, edge) for cosine, sine in angles),
            sphere(rays, x, y),
            cylinder(rays, x, y, edge),
        ]
        sharpness = rearrange(scale / self.blur, "b k -> b k 1 1")
        shares = rearrange(scene.shares, "b k s -> s b k 1 1")
        alpha = torch.zeros_like(sights[0].distance)
        light = torch.zeros_like(alpha)
        for share, sight in zip(shares, sights, strict=True):
            covered = share * torch.sigmoid(-sharpness * sight.distance)
            alpha = alpha + covered
            light = light + covered * sight.shade
        shade = rearrange(light / alpha.clamp(min=FAINT), "b k h w -> b k 1 h w")
        color = shade * rearrange(scene.color, "b k c -> b k c 1 1")
        alpha = rearrange(alpha, "b k h w -> b k 1 h w")
        drawn = crops.paste(torch.cat([color, alpha], dim=2).clamp(0, 1))
        color, alpha = drawn.split([self.channels, 1], dim=2)
        # Objects stand apart, so the nearer one on the table is in front of the other everywhere.
        return Layers(color, alpha, depth=(x.square() + (y + BEHIND).square()).sqrt())

    def attributes(
        self, what: Float[Tensor, "B K what"], where: Float[Tensor, "B K where"]
    ) -> Mapping[str, Tensor]:
        """Class, colour, rotation and position, as `Tabletop3d` has them.

        - `label`: 0 cube, 1 sphere, 2 cylinder.
        - `color`: intensities in [0, 1].
        - `rotation`: of the cube with the largest share, in quarter turns, in [0, 1).
        - `position`: x and y on the table, from its middle, where the table's side is 1.
        """
        scene = self._read(what, where)
        cubes, others = scene.shares.tensor_split([self.cube_angles], dim=-1)
        likeliest = cubes.argmax(-1, keepdim=True)
        cosine, sine = scene.cosines.gather(-1, likeliest), scene.sines.gather(-1, likeliest)
        quarter = torch.atan2(sine, cosine).squeeze(-1) / (torch.pi / 2)
        classes = torch.cat([cubes.sum(-1, keepdim=True), others], dim=-1)
        return {
            "label": classes.argmax(-1),
            "color": scene.color,
            "rotation": quarter - quarter.floor(),
            "position": torch.stack([scene.x, scene.y], -1) / 2,
        }

    def _read(self, what: Tensor, where: Tensor) -> "_Objects":
        """The objects that codes mean."""
        what, where = what.to(self.rays.dtype), where.to(self.rays.dtype)
        solids, color, turn = what.tensor_split([self.solids, self.solids + self.channels], dim=-1)
        x, y = where[..., self.x], where[..., self.y]
        x, y = x.clamp(-FURTHEST, FURTHEST), y.clamp(-FURTHEST, FURTHEST)
        shares = torch.softmax(solids / self.temperature, -1)
        return _Objects(shares, color.sigmoid(), *_rotations(turn, self.cube_angles, x, y), x, y)


@dataclass(frozen=True)
class _Objects:
    shares: Float[Tensor, "B K solids"]
    color: Float[Tensor, "B K C"]
    cosines: Float[Tensor, "B K cubes"]
    sines: Float[Tensor, "B K cubes"]
    x: Float[Tensor, "B K"]
    y: Float[Tensor, "B K"]


def _rotations(
    turn: Float[Tensor, "B K turn"], cubes: int, x: Float[Tensor, "B K"], y: Float[Tensor, "B K"]
) -> tuple[Float[Tensor, "B K cubes"], Float[Tensor, "B K cubes"]]:
    """Cosines and sines of the cubes' angles on the table; codes count from the line of sight."""
    away = (x.square() + (y + BEHIND).square()).sqrt()
    ahead, aside = (rearrange(v / away, "b k -> b k 1") for v in (y + BEHIND, x))
    angles = torch.arange(cubes, dtype=x.dtype, device=x.device) * (torch.pi / (2 * cubes))
    if turn.shape[-1] > 0:
        c, s = rearrange(turn, "b k cs -> cs b k 1")
        nowhere = c.square() + s.square() < UNTURNED  # where the angle has no gradient
        angle = torch.atan2(s.masked_fill(nowhere, 0.0), c.masked_fill(nowhere, 1.0))
        angles = angles + angle / (4 * cubes)
    cosine, sine = angles.cos(), angles.sin()
    return cosine * ahead + sine * aside, sine * ahead - cosine * aside
