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
REACH = 3.0
"""How far the search may go for a place that no window reaches, in standard deviations of the
prior of x and y from its mean."""
MISS = 0.01
"""Distance, in [-1, 1] coordinates, from which a place counts as missed."""
SINGULAR = 1e-12
"""If the determinant is below this, x and y do not move the window, and it stays in place."""


@dataclass(frozen=True)
class Aim:
    """Finds the x and y that put a window's centre at a given place, by Newton's method.

    It uses only the glimpser's `boxes`, which say where its windows are. It does not matter whether
    x grows to the left, is scaled by the window's size or goes through a sigmoid.

    Some windows never reach some places: if windows have to stay within the canvas, large ones are
    never centred near its border. There the search would run away. It then ends at the plausible
    x and y that are nearest to the place.

    Example, in a scheduler:

        self.aim = Aim.by(scene.where)  # refuses a glimpser without x and y
        ...
        where = self.aim.at(centre, where, perception.glimpser)

    Attributes:
        x: index of the coordinate of `where` that moves a window along the rows.
        y: index of the one that moves it along the columns.
        start: x and y at which the search starts, the mean of their prior.
        spread: standard deviations of that prior.
    """

    x: int
    y: int
    start: tuple[float, float]
    spread: tuple[float, float]

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
        return cls(x, y, (where.loc[x], where.loc[y]), (where.scale[x], where.scale[y]))

    def at(
        self,
        centre: Float[Tensor, "B K 2"],
        where: Float[Tensor, "B K D"],
        glimpser: Glimpser,
    ) -> Float[Tensor, "B K D"]:
        """`where` with x and y such that the window's centre is at `centre`, in [-1, 1].

        Differentiable in `centre` and in the other coordinates of `where`: the last Newton step
        starts at the solution, so its derivative is that of the implicit function. A place that
        is out of reach has no gradient.
        """
        where = where.to(centre.dtype)  # differences in half precision are useless
        x, y = (torch.full_like(where[..., 0], value) for value in self.start)
        with torch.no_grad():
            for _ in range(ROUNDS):
                here, slopes = self._probed(where, x, y, glimpser)
                x, y = _newton(x, y, centre - here, slopes)
            _, slopes = self._probed(where, x, y, glimpser)
        missing = centre - centres(self._with(where, x, y), glimpser)
        x, y = _newton(x, y, missing, slopes)
        is_near = missing.detach().abs().amax(-1) < MISS
        x, y = (
            torch.where(is_near, end, end.clamp(mean - REACH * sd, mean + REACH * sd))
            for end, mean, sd in zip((x, y), self.start, self.spread, strict=True)
        )
        return self._with(where, x, y)

    def around(
        self,
        centre: Float[Tensor, "B K 2"],
        where: Float[Tensor, "B K D"],
        glimpser: Glimpser,
    ) -> Float[Tensor, "B K D"]:
        """`where`, with x and y relative to the window that is centred at `centre`.

        So a network whose outputs are the mean of the prior puts the window there.
        """
        return self.shifted(self.at(centre, where, glimpser), self.offset(where))

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

    def _probed(
        self, where: Tensor, x: Tensor, y: Tensor, glimpser: Glimpser
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Centres of the windows, and how they move with x and with y."""
        probes = [self._with(where, *at) for at in ((x, y), (x + PROBE, y), (x, y + PROBE))]
        here, by_x, by_y = centres(torch.cat(probes, dim=-2), glimpser).chunk(3, dim=-2)
        return here, ((by_x - here) / PROBE, (by_y - here) / PROBE)

    def _with(self, where: Tensor, x: Tensor, y: Tensor) -> Tensor:
        coordinates = list(where.unbind(-1))
        coordinates[self.x], coordinates[self.y] = x, y
        return torch.stack(coordinates, -1)


def _newton(
    x: Tensor, y: Tensor, missing: Float[Tensor, "B K 2"], slopes: tuple[Tensor, Tensor]
) -> tuple[Tensor, Tensor]:
    """x and y after a step, given how far windows are from their places and how they move."""
    (a, c), (b, d) = (slope.unbind(-1) for slope in slopes)
    determinant = a * d - b * c
    determinant = determinant.masked_fill(determinant.abs() < SINGULAR, torch.inf)
    right, down = missing.unbind(-1)
    return x + (d * right - b * down) / determinant, y + (a * down - c * right) / determinant


def centres(where: Float[Tensor, "B K D"], glimpser: Glimpser) -> Float[Tensor, "B K 2"]:
    """Centres of windows on the canvas, in [-1, 1]."""
    _, height, width = glimpser.image_shape
    x0, y0, x1, y1 = glimpser.boxes(where).unbind(-1)
    return torch.stack([(x0 + x1) / width, (y0 + y1) / height], -1) - 1
