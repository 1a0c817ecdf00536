"""The renderer of objects on a table (`Tabletop`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from einops import rearrange
from jaxtyping import Float
from pydantic import PositiveFloat
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

    - class, 3: the softmax of these, divided by `temperature`, mixes a cube, a sphere and a
      cylinder. All three are drawn, so that the gradient compares them.
    - colour, one for each channel: its sigmoid.
    - rotation, 2: a vector whose direction is four times the angle of a cube, which looks the same
      after a quarter turn. It is counted from the line of sight, so that it can be told from a
      window alone. Without these two, cubes face the viewer.

    `where` has the coordinates x and y of `TableWindow`. The camera is that of the scenes.
    `Layers.depth` is each object's distance from the camera.

    Args:
        scene: sizes of the scene; `what_dim` is 3 + channels, with or without 2 more.
        temperature: of the softmax over classes. The smaller, the closer ordinary numbers are to
            one class.
        blur: softness of outlines, in pixels. A gradient reaches a few times as far.

    Raises:
        ValueError: `what_dim` is another, or where has no x or no y.
    """

    offers = frozenset({"alpha", "depth"})
    attribute_names: ClassVar[frozenset[str]] = frozenset(
        {"label", "color", "rotation", "position"}
    )

    rays: Tensor

    def __init__(
        self, scene: SceneSpec, *, temperature: PositiveFloat = 0.3, blur: PositiveFloat = 0.5
    ) -> None:
        super().__init__()
        least = len(CLASSES) + scene.channels
        if scene.what_dim not in (least, least + 2):
            raise ValueError(
                f"what_dim must be {least + 2} ({len(CLASSES)} for the class, {scene.channels} for "
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
        self.temperature, self.blur = temperature, blur
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
        sights = [
            cube(rays, x, y, scene.cosine, scene.sine, edge),
            sphere(rays, x, y),
            cylinder(rays, x, y, edge),
        ]
        sharpness = rearrange(scale / self.blur, "b k -> b k 1 1")
        shares = rearrange(scene.classes, "b k c -> c b k 1 1")
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
        - `rotation`: of a cube, in quarter turns, in [0, 1).
        - `position`: x and y on the table, from its middle, where the table's side is 1.
        """
        scene = self._read(what, where)
        quarter = torch.atan2(scene.sine, scene.cosine) / (torch.pi / 2)
        return {
            "label": scene.classes.argmax(-1),
            "color": scene.color,
            "rotation": quarter - quarter.floor(),
            "position": torch.stack([scene.x, scene.y], -1) / 2,
        }

    def _read(self, what: Tensor, where: Tensor) -> "_Objects":
        """The objects that codes mean."""
        what, where = what.to(self.rays.dtype), where.to(self.rays.dtype)
        classes, color, turn = what.tensor_split(
            [len(CLASSES), len(CLASSES) + self.channels], dim=-1
        )
        x, y = where[..., self.x], where[..., self.y]
        x, y = x.clamp(-FURTHEST, FURTHEST), y.clamp(-FURTHEST, FURTHEST)
        cosine, sine = _rotation(turn, x, y)
        return _Objects(
            torch.softmax(classes / self.temperature, -1), color.sigmoid(), cosine, sine, x, y
        )


@dataclass(frozen=True)
class _Objects:
    classes: Float[Tensor, "B K classes"]
    color: Float[Tensor, "B K C"]
    cosine: Float[Tensor, "B K"]
    sine: Float[Tensor, "B K"]
    x: Float[Tensor, "B K"]
    y: Float[Tensor, "B K"]


def _rotation(turn: Float[Tensor, "B K turn"], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and sine of a cube's angle on the table, from its angle to the line of sight."""
    away = (x.square() + (y + BEHIND).square()).sqrt()
    ahead, aside = (y + BEHIND) / away, x / away
    if turn.shape[-1] == 0:
        return ahead, -aside
    c, s = turn.unbind(-1)
    nowhere = c.square() + s.square() < UNTURNED  # where the angle has no gradient
    angle = torch.atan2(s.masked_fill(nowhere, 0.0), c.masked_fill(nowhere, 1.0)) / 4
    cosine, sine = angle.cos(), angle.sin()
    return cosine * ahead + sine * aside, sine * ahead - cosine * aside
