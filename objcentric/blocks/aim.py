"""Placing windows at given points of the canvas (`Aim`)."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from objcentric.interfaces import Glimpser
from objcentric.scene import WhereSpec

PROBE = 0.01
"""Step in x and y, in their own units, for the finite differences of a window's centre."""
ROUNDS = 3
"""Newton steps without gradients. One is exact if windows move in proportion to x and y; bounded
coordinates need several."""
SINGULAR = 1e-12
"""If the determinant is below this, x and y do not move the window, and it stays in place."""


@dataclass(frozen=True)
class Aim:
    """Finds the x and y that put a window's centre at a given place, by Newton's method.

    It uses only the glimpser's `boxes`, which say where its windows are. It does not matter whether
    x grows to the left, is scaled by the window's size or goes through a sigmoid.

    Example, in a scheduler:

        self.aim = Aim.by(scene.where)  # refuses a glimpser without x and y
        ...
        where = self.aim.at(centre, where, perception.glimpser)

    Attributes:
        x: index of the coordinate of `where` that moves a window along the rows.
        y: index of the one that moves it along the columns.
        start: x and y at which the search starts, the mean of their prior.
    """

    x: int
    y: int
    start: tuple[float, float]

    @classmethod
    def by(cls, where: WhereSpec) -> "Aim":
        """For a glimpser with these coordinates.

        Raises:
            ValueError: no coordinate is called x, or none is called y.
        """
        if not {"x", "y"} <= set(where.names):
            raise ValueError(
                "it places windows itself, so it needs a glimpser whose where has the "
                f"coordinates x and y, for example air.spatial_transformer; this one has: "
                f"{', '.join(where.names) or 'none'}"
            )
        x, y = where.names.index("x"), where.names.index("y")
        return cls(x, y, (where.loc[x], where.loc[y]))

    def at(
        self,
        centre: Float[Tensor, "B K 2"],
        where: Float[Tensor, "B K D"],
        glimpser: Glimpser,
    ) -> Float[Tensor, "B K D"]:
        """`where` with x and y such that the window's centre is at `centre`, in [-1, 1].

        Differentiable in `centre` and in the other coordinates of `where`: the last Newton step
        starts at the solution, so its derivative is that of the implicit function.
        """
        where = where.to(centre.dtype)  # differences in half precision are useless
        x, y = (torch.full_like(where[..., 0], value) for value in self.start)
        with torch.no_grad():
            for _ in range(ROUNDS):
                x, y = self._round(centre, where, x, y, glimpser)
        return self._with(where, *self._round(centre, where, x, y, glimpser))

    def offset(self, where: Float[Tensor, "B K D"]) -> Float[Tensor, "B K 2"]:
        """How far x and y are from the mean of their prior, in their own units."""
        x, y = self.start
        return torch.stack([where[..., self.x] - x, where[..., self.y] - y], -1)

    def shifted(
        self, where: Float[Tensor, "B K D"], offset: Float[Tensor, "B K 2"]
    ) -> Float[Tensor, "B K D"]:
        """`where` with an offset added to x and y, in their own units."""
        dx, dy = offset.unbind(-1)
        return self._with(where, where[..., self.x] + dx, where[..., self.y] + dy)

    def _round(
        self, centre: Tensor, where: Tensor, x: Tensor, y: Tensor, glimpser: Glimpser
    ) -> tuple[Tensor, Tensor]:
        here = centres(self._with(where, x, y), glimpser)
        with torch.no_grad():
            a, c = ((centres(self._with(where, x + PROBE, y), glimpser) - here) / PROBE).unbind(-1)
            b, d = ((centres(self._with(where, x, y + PROBE), glimpser) - here) / PROBE).unbind(-1)
            determinant = a * d - b * c
            determinant = determinant.masked_fill(determinant.abs() < SINGULAR, torch.inf)
        right, down = (centre - here).unbind(-1)
        return (
            x + (d * right - b * down) / determinant,
            y + (a * down - c * right) / determinant,
        )

    def _with(self, where: Tensor, x: Tensor, y: Tensor) -> Tensor:
        coordinates = list(where.unbind(-1))
        coordinates[self.x], coordinates[self.y] = x, y
        return torch.stack(coordinates, -1)


def centres(where: Float[Tensor, "B K D"], glimpser: Glimpser) -> Float[Tensor, "B K 2"]:
    """Centres of windows on the canvas, in [-1, 1]."""
    _, height, width = glimpser.image_shape
    x0, y0, x1, y1 = glimpser.boxes(where).unbind(-1)
    return torch.stack([(x0 + x1) / width, (y0 + y1) / height], -1) - 1
